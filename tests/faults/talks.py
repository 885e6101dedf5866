"""What customers of the demo provider might write on a bad day; made up here, for replays that break things."""

TALKS = (
    ("Здравствуйте!", "Не работает интернет с самого утра", "роутер перезагружал", "на роутере горит красная лампочка"),
    ("Как оплатить интернет картой?", "а если платёж не дошёл?", "спасибо"),
    ("hi there", "my internet is painfully slow in the evening", "i am on wifi", "ok thanks", "bye"),
    ("How much do I owe?", "what is my account number for?", "never mind", "thank you"),
    ("Хочу переехать, можно забрать интернет с собой?", "новый адрес — Садовая, 5", "когда приедет мастер?"),
    ("Позовите человека", "договор на имя жены, её нет дома", "жду"),
    ("cancel my contract please", "yes", "when does it end", "is there a fee?"),
    ("вы вообще меня понимаете?", "бесполезный бот", "дайте оператора"),
    ("What tariffs do you have?", "the fastest one", "does it come with tv?", "i'd like to talk to a person", "hello?"),
    ("asdf qwer zxcv", "qwerty", "sorry, my cat", "wifi password how to change"),
    ("Есть авария на моём адресе?", "улица Ленина, 10", "да", "спасибо, подожду"),
    ("I was charged twice this month", "i want a refund", "card ending 0000", "please hurry"),
)
