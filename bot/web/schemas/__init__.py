"""The words on the wire: every frame and body browser and server exchange; `make wire` turns them into TypeScript."""

from bot.web.schemas.desk import *
from bot.web.schemas.incidents import *
from bot.web.schemas.learning import *
from bot.web.schemas.shared import *
from bot.web.schemas.team import *
from bot.web.schemas.ticket import *
from bot.web.schemas.widget import *
from bot.web.schemas.work import *
