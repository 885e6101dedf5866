"""Many phrases as customers write them, calm and cross, in both languages: who is only talking is never taken amiss."""

import pytest

from bot.conversation.mood import mood_of
from handoff.model import Mood

CALM = """
Меня зовут Козлов Андрей, какой у меня баланс?
Улица Козлова, дом 5
Наталья Козлова, договор 12345678
Козловский переулок, 3
Достал роутер из коробки
Уже достал новый роутер, что дальше?
Я достала договор, где номер?
Мы достали кабель из стены
Техник достал ваш роутер из шкафа
Улица Невозмутимых
Улица Хуторская, 12
Подключите, пожалуйста, тупик Тупиковый, 4
Ребёнок разбил бляху на роутере
Пелагея Идиотова
Фамилия Дебилова, договор на мужа
Станция Уродово
Сукачёв Игорь Иванович
Сосуды и посуда
Какие у вас тарифы?
Как оплатить интернет картой?
Сколько стоит тариф «Семья»?
Почему сняли деньги?
Интернет работает пять раз быстрее
Опять только вечером смогу
Где посмотреть скорость?
Хочу подключить телевидение
Судоходная улица, есть ли подключение?
Поменяйте пароль от Wi-Fi
Суд да дело, а роутер мигает
Персональный менеджер есть?
Интернет-радио не играет
Обзор тарифов где найти?
Подскажите адрес офиса
Спасибо, всё заработало!
Не работает интернет
Горит красная лампочка
Переезжаю, перенесите договор
Во сколько приедет мастер?
scrap router, where do I take it?
I want to recycle a scrapped modem
My address is 12 Crapaud Street
I am on the Scampi Avenue
I still know my old password
It is still now the same tariff
Mr Shitov, account 12345678
Mr Mastupid, flat 3
Where do I see my personal account!!
How do I pay my bill?
What tariffs do you have?
My router has a red light
Please change my tariff
When does the technician come?
I would like to move house
Is there a discount for students?
The TV shows no picture
Thank you, it works now
Can I speak to a person?
Can you send me the contract?
The speed is slow in the evening
I have moved to Damnville Road
"""
CROSS = """
вы козлы
Ты козёл
козел
ну и козлина
вы меня достали
Достали уже!
Достали!
бот достал
достал ваш бот
ваш бот уже достал
достала ваша поддержка
Достало!
меня достало ждать
ты достал
как вы достали меня
вы просто достали
возмутительно
я возмущён
Это возмутительное обслуживание
сколько можно
сколько ещё ждать
надоело
мне надоели ваши отписки
задолбали
безобразие
ужас
издеваетесь?
позор
кошмар какой-то
невозможно пользоваться
третий раз пишу
пятый раз объясняю
опять не работает
опять нет интернета
подаю жалобу
буду жаловаться
пойду в суд
пишу в Роспотребнадзор
расторгаю договор
вы мошенники
тупой бот
бесполезный бот
идите на хрен
нахрен такой интернет
вы идиоты
дебилы
уроды
бля
сука
дерьмо, а не интернет
заткнись
this is crap
you are a scam
scammers
I am fed up
sick of waiting
this is ridiculous
stupid bot
useless
damn it
unacceptable
terrible service
awful
the worst provider
I want to complain
how many times do I have to ask
it is the third time
still not working
it still doesn't work
it still doesn’t work
still no internet
it still does not work
what the fuck
this is bullshit
shit
you idiots
morons
bastards
WTF
human!!
"""


@pytest.mark.parametrize("text", CALM.strip().splitlines())
def test_who_only_talks_is_calm(text: str) -> None:
    assert mood_of(text) is Mood.CALM


@pytest.mark.parametrize("text", CROSS.strip().splitlines())
def test_who_is_cross_is_heard(text: str) -> None:
    assert mood_of(text) is not Mood.CALM
