"""A shop's own page, on an origin of its own: the chat comes in by one line of it."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.node import installed

PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Brass lamp</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css?{style}">{head}</head>
<body>{body}
{chat}</body></html>"""
BODY = """<main><h1>Brass lamp</h1><p>Made by hand in Upper Franconia, of brass and linen.</p>
<p><button type="button">Put into the cart</button></p></main>"""
CHAT = '<script async src="{desk}/chat/widget.js" data-shop="{shop}"{more}></script>'

HOSTILE = """
* { all: unset !important; }
body, body *, makegood-chat, makegood-chat *, html > :not(head) {
  display: none !important; visibility: hidden !important; opacity: 0 !important;
  position: static !important; transform: scale(0) !important; color: red !important;
  font-size: 3px !important; pointer-events: none !important;
}
"""
STYLES = {"plain": "body { margin: 40px; font-family: Georgia, serif; }", "hostile": HOSTILE}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one page of the shop is."""

    lang: str = "en"
    dir: str = "ltr"
    style: str = "plain"
    policy: str = ""
    more: str = ""
    head: str = ""
    body: str = BODY
    chat: bool = True


def application(*scripts: str) -> Look:
    """A page that a framework draws, and that loads the chat by itself."""
    named = "".join(f'<script src="{one}"></script>' for one in ("/line.js", *scripts))
    return Look(body=f'<div id="root"></div>{named}', chat=False)


REACT = application("/npm/react.js", "/npm/react-dom.js", "/own/react.js")
VUE = application("/npm/vue.js", "/own/vue.js")
LOOKS = {
    "/": Look(),
    "/bare": Look(chat=False),
    "/hostile": Look(style="hostile"),
    "/strict": Look(
        policy=(
            "default-src 'none'; script-src {desk}; connect-src {desk}; style-src 'self'; "
            "img-src {desk} data:; require-trusted-types-for 'script'; trusted-types makegood"
        )
    ),
    "/rtl": Look(lang="de", dir="rtl"),
    "/de": Look(lang="de"),
    "/unkept": Look(head='<script src="/unkept.js"></script>'),
    "/early": Look(head='<script src="/early.js"></script>'),
    "/react/": REACT,
    "/react/lanterns": REACT,
    "/vue/": VUE,
    "/vue/lanterns": VUE,
}
EARLY = "window.makegood = window.makegood || []; makegood.push(['open'], ['tag', 'lamp'])"
UNKEPT = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("Not here.", "SecurityError") },
})"""
LINE = 'const CHAT = {{ src: "{desk}/chat/widget.js", shop: "{shop}" }}'
FRAMEWORKS = Path(__file__).with_name("frameworks")
# The builds for development: what they warn of would be a complaint, and fail a test.
PROGRAMS = {
    "react.js": "react/umd/react.development.js",
    "react-dom.js": "react-dom/umd/react-dom.development.js",
    "vue.js": "vue/dist/vue.global.js",
}
SCRIPTS = {
    "/early.js": EARLY,
    "/unkept.js": UNKEPT,
}


@dataclass
class HostPage:
    """Served on any free port; `desk` and `shop` are where its chat comes from."""

    desk: str
    shop: str = ""
    server: ThreadingHTTPServer = field(init=False)

    def open(self) -> "HostPage":
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text, policy = page.answer(self.path)
                content = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments: Any) -> None:
                """A test's own server is quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, address: str) -> tuple[str, str, str]:
        """What kind, which text, under which policy."""
        parts = urlsplit(address)
        if parts.path == "/style.css":
            return "text/css", STYLES[parts.query], ""
        if parts.path.endswith(".js"):
            return "text/javascript", self.script(*parts.path.rsplit("/", 1)), ""
        look = LOOKS[parts.path]
        chat = CHAT.format(desk=self.desk, shop=self.shop, more=look.more) if look.chat else ""
        text = PAGE.format(
            lang=look.lang,
            dir=look.dir,
            style=look.style,
            head=look.head,
            body=look.body,
            chat=chat,
        )
        return "text/html", text, look.policy.format(desk=self.desk)

    def script(self, folder: str, name: str) -> str:
        """One of the page's own, of a framework, or of what is drawn with it."""
        if folder == "/npm":
            return (installed(FRAMEWORKS) / "node_modules" / PROGRAMS[name]).read_text()
        if folder == "/own":
            return (FRAMEWORKS / name).read_text()
        line = LINE.format(desk=self.desk, shop=self.shop)
        return {**SCRIPTS, "/line.js": line}[f"{folder}/{name}"]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
