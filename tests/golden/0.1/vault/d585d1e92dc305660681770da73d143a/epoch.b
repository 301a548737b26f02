sanduq-epoch/1
Ý?k6±¬ËTñøµ$ù»¢u<ZY ¥ò)V´Å¼F©OýYmšöœö·Æ
 W(òá³žInð|ó»2»[¼Ùwº<