sanduq-epoch/1
^bi-‘2ทsโ)ไZDซลW๋๎ÿxฃ~ษจ@&>ÿล|$j์Yผ~ค->Pþ&ณX๒x[ญ’mซ\pสุ