sanduq-epoch/1
^T*`Ђ…=э›Jќx‚оIКћзвJви(„gFьv=9kЄМkpdkҐ№ґ†)P'ЛХїa§9™ЦjВR0ЭЯќ