"""Eyes on a page: what a browser shows, and everything in it that a hostile string could have caused."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Response, TimeoutError

from tests.hostile import Host, Visit, squeezed

ENOUGH = "([selector, count]) => document.querySelectorAll(selector).length >= count"


class Onlooker:
    """Looks at pages of one browser context and writes down everything that a hostile string could have caused."""

    def __init__(self, context: BrowserContext, host: Host) -> None:
        self.complaints: list[str] = []
        self._context, self._host = context, host
        context.on("console", self._console)
        context.on("dialog", self._dialog)
        context.on("response", self._response)
        context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))
        context.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective}`))"
        )

    def widget(self, visit: Visit) -> None:
        """The customer's own view of the whole conversation."""
        page = self._context.new_page()
        page.goto(f"{self._host.url}/healthz")
        page.evaluate("token => { localStorage.clear(); localStorage.setItem('zeroline.token', token) }", visit.token)
        page.goto(f"{self._host.url}/widget")
        self._compare(page, "widget", ".row.mine .bubble", visit.mine)
        self._compare(page, "widget", ".row.person .bubble", visit.theirs)
        page.close()

    def sign_in(self) -> None:
        """Gives the context an operator's session."""
        answer = self._context.request.post(
            f"{self._host.url}/api/desk/login",
            data={"login": self._host.login, "password": self._host.password},
            headers={"Origin": self._host.url},
        )
        assert answer.ok, answer.text()

    def desk(self, visit: Visit) -> None:
        """The operator's view of the same conversation, and of the queue beside it."""
        page = self._context.new_page()
        page.goto(f"{self._host.url}/desk#/ticket/{visit.ticket}")
        self._compare(page, "desk", ".turn.customer .bubble", visit.mine)
        self._compare(page, "desk", ".turn.operator .bubble", visit.theirs)
        page.close()

    def articles(self, titles: dict[str, str]) -> None:
        """Every article's page, and all their titles in the list."""
        page = self._context.new_page()
        for name, title in titles.items():
            page.goto(f"{self._host.url}/help/en/{name}")
            self._compare(page, "help", "h1", [title])
        page.goto(f"{self._host.url}/help/en")
        listed = {squeezed(text) for text in page.locator(".links a").all_text_contents()}
        missing = [title for title in titles.values() if squeezed(title) not in listed]
        if missing:
            self.complaints.append(f"not in the list of articles: {missing}")
        page.close()

    def _compare(self, page: Page, where: str, selector: str, expected: list[str]) -> None:
        try:
            page.wait_for_function(ENOUGH, arg=[selector, len(expected)], timeout=15_000)
        except TimeoutError as error:
            self.complaints.append(f"{where}: {error.message}")
        shown = [squeezed(text) for text in page.locator(selector).all_text_contents()]
        wanted = [squeezed(text) for text in expected]
        if shown != wanted:
            wrong = [pair for pair in zip(wanted, shown, strict=False) if pair[0] != pair[1]]
            self.complaints.append(f"{where}: {len(shown)} of {len(wanted)} shown, wrong: {wrong}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"a script ran: {dialog.message}")
        dialog.dismiss()

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")
