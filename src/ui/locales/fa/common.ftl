# واژه‌هایی که همهٔ برنامه‌های صندوق به کار می‌برند.

yes-or-no = بله/خیر
answers-yes = بله آری بلی yes y
items = { $count } مورد
err-language-unknown = زبانی به نام { $tag } در این برنامه نیست.
hint-language-unknown = یکی از این دو را برگزینید:
