sanduq-epoch/1
í8íÊC[İÂ1ãAt°êÂ\ÂW	7W
¯t«ÀóOš#ˆŠT¾’ºñ$%IëÉ^Âw®
ÈO|“C#8<