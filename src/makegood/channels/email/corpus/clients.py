"""The HTML of mail programs: what each puts round its quotes, and what must be left of it."""

from collections.abc import Iterator

from .case import Case, message

_SAID = "<div>Friday is fine.</div><div>Thank you, Ida</div>"
_LINES = ["Friday is fine.", "Thank you, Ida"]
_WAS = "<div>May we come on Friday?</div><div>Nora</div>"
_ATTR = "On Mon, Mar 2, 2026 at 9:30 AM Nora Lindqvist &lt;support@lantern.test&gt; wrote:"
_BLOCK = (
    "<b>From:</b> Nora &lt;support@lantern.test&gt;<br><b>Sent:</b> Monday, March 2, 2026 9:30 AM"
    "<br><b>To:</b> Ida<br><b>Subject:</b> Re: Your lamp"
)
_HEAD = "<html><head><style>p {margin:0}</style><title>x</title></head><body>"

# Only the words may be left of these.
_PAGES: dict[str, str] = {
    "gmail": f"{_SAID}<br><div class=gmail_quote><div dir=ltr class=gmail_attr>{_ATTR}<br></div>"
             f"<blockquote class=gmail_quote>{_WAS}</blockquote></div>",
    "gmail-container": f"{_SAID}<br><div class='gmail_quote gmail_quote_container'><div dir=ltr "
                       f"class=gmail_attr>{_ATTR}</div><blockquote class=gmail_quote>{_WAS}"
                       "</blockquote></div>",
    "gmail-old": f"{_SAID}<br><div class=gmail_extra><br><div class=gmail_quote>{_ATTR}<br>"
                 f"<blockquote class=gmail_quote>{_WAS}</blockquote></div><br></div>",
    "gmail-signed": f"{_SAID}<div><div dir=ltr class=gmail_signature><div>Ida Berg</div><div>"
                    f"Harbour Road 5</div></div></div><br><div class=gmail_quote>{_ATTR}"
                    f"<blockquote class=gmail_quote>{_WAS}</blockquote></div>",
    "gmail-prefixed": f"{_SAID}<br><div class=x_gmail_quote><div class=x_gmail_attr>{_ATTR}</div>"
                      f"<blockquote class=x_gmail_quote>{_WAS}</blockquote></div>",
    "outlook-web": f"{_SAID}<div id=appendonsend></div><hr style='width:98%'><div id=divRplyFwdMsg>"
                   f"{_BLOCK}<div>&nbsp;</div></div>{_WAS}",
    "outlook-web-nested": f"{_SAID}<div id=appendonsend></div><hr><div id=divRplyFwdMsg>{_BLOCK}"
                          f"</div>{_WAS}<div id=x_divRplyFwdMsg>{_BLOCK}</div>{_WAS}",
    "outlook-desktop": f"<div class=WordSection1><p class=MsoNormal>Friday is fine.</p><p class="
                       f"MsoNormal>Thank you, Ida</p><div style='border:none;border-top:solid "
                       f"#E1E1E1 1.0pt'><p class=MsoNormal>{_BLOCK}</p></div>{_WAS}</div>",
    "outlook-mac": f"{_SAID}<span id=OLK_SRC_BODY_SECTION><div>{_BLOCK}</div>{_WAS}</span>",
    "outlook-mobile": f"{_SAID}<div id=ms-outlook-mobile-signature>Get <a href='https://aka.ms/o'>"
                      f"Outlook for iOS</a></div><hr><div id=divRplyFwdMsg>{_BLOCK}</div>{_WAS}",
    "outlook-new": f"{_SAID}<div id=mail-editor-reference-message-container><div>{_BLOCK}</div>"
                   f"{_WAS}</div>",
    "windows-mail": f"{_SAID}<p>Sent from <a href='https://go.microsoft.com/fwlink/?LinkId=550986'>"
                    f"Mail</a> for Windows</p><div style='border-top:solid'><p>{_BLOCK}</p></div>"
                    f"{_WAS}",
    "apple": f"{_SAID}<br><div><br><blockquote type=cite><div>On 2 Mar 2026, at 09:30, Nora "
             f"&lt;support@lantern.test&gt; wrote:</div><br><div>{_WAS}</div></blockquote></div>",
    "apple-phone": f"{_SAID}<br id=lineBreakAtBeginningOfSignature><div dir=ltr>Sent from my iPhone"
                   "</div><div dir=ltr><br><blockquote type=cite>On 2 Mar 2026, at 09:30, Nora "
                   f"&lt;support@lantern.test&gt; wrote:<br><br></blockquote></div><blockquote "
                   f"type=cite>{_WAS}</blockquote>",
    "apple-signed": f"{_SAID}<div id=AppleMailSignature dir=ltr>Ida Berg<br>Harbour Road 5</div>"
                    f"<blockquote type=cite>{_WAS}</blockquote>",
    "thunderbird": f"{_SAID}<div class=moz-cite-prefix>On 02/03/2026 09:30, Nora wrote:<br></div>"
                   f"<blockquote type=cite cite='mid:1@x.test'>{_WAS}</blockquote>",
    "thunderbird-signed": f"{_SAID}<pre class=moz-signature cols=72>-- \nIda Berg</pre><div class="
                          f"moz-cite-prefix>On 02/03/2026 09:30, Nora wrote:</div><blockquote "
                          f"type=cite>{_WAS}</blockquote>",
    "thunderbird-forward": f"{_SAID}<div class=moz-forward-container><br>-------- Forwarded Message"
                           f" --------<table class=moz-email-headers-table><tr><th>Subject: </th>"
                           f"<td>Your lamp</td></tr><tr><th>Date: </th><td>Mon, 2 Mar 2026</td>"
                           f"</tr><tr><th>From: </th><td>Nora &lt;support@lantern.test&gt;</td>"
                           f"</tr></table>{_WAS}</div>",
    "yahoo": f"<div class=yahoo-style-wrap>{_SAID}</div><div id=yahoo_quoted_1 class=yahoo_quoted>"
             f"<div>On Monday, March 2, 2026 at 09:30:00 AM GMT+1, Nora wrote:</div>{_WAS}</div>",
    "yahoo-prefixed": f"{_SAID}<div id=ydpabc123yahoo_quoted_9 class=ydpabc123yahoo_quoted><div>"
                      f"On Monday, March 2, 2026, Nora wrote:</div>{_WAS}</div>",
    "yahoo-phone": f"{_SAID}<br><a href='https://mail.onelink.me/1'>Sent from Yahoo Mail on "
                   f"Android</a><blockquote style='margin:0 0 20px 0'><div>On Mon, Mar 2, 2026 at "
                   f"9:30 AM, Nora</div><div>&lt;support@lantern.test&gt; wrote:</div>{_WAS}"
                   "</blockquote>",
    "proton": f"{_SAID}<div class='protonmail_signature_block'><div>Sent with Proton Mail</div>"
              f"</div><div class=protonmail_quote>{_ATTR}<br><blockquote class=protonmail_quote "
              f"type=cite>{_WAS}</blockquote></div>",
    "gmx": f"<div>{_SAID}<div>&nbsp;<div name=quote><div><b>Gesendet:</b>&nbsp;Montag, 02. März"
           f" 2026 um 09:30 Uhr<br><b>Von:</b>&nbsp;Nora</div><div name=quoted-content>{_WAS}</div>"
           "</div></div></div>",
    "zoho": f"{_SAID}<div class=zmail_extra_hr style='border-top:1px solid'></div><div class="
            f"zmail_extra>From: Nora &lt;support@lantern.test&gt;<br>To: Ida<br>Date: Mon, 02 Mar "
            f"2026<br>Subject: x<br>{_WAS}</div>",
    "samsung": f"{_SAID}<div><br></div><div id=composer_signature><div>Sent from my Galaxy</div>"
               f"</div><div><br></div><div>-------- Original message --------</div><div>From: Nora "
               f"&lt;support@lantern.test&gt; </div><div>Date: 3/2/26 9:30 AM (GMT+01:00) </div>"
               f"<div>To: ida@customer.test </div><div>Subject: x </div><div><br></div>{_WAS}",
    "front": f"{_SAID}<div class=front-signature>Ida Berg</div><br><div class=front-blockquote>"
             f"{_ATTR}<blockquote type=cite>{_WAS}</blockquote></div>",
    "spark": f"{_SAID}<div name=messageSignatureSection><br>Ida Berg</div><div name="
             f"messageReplySection>{_ATTR}<br><blockquote type=cite class=spark_quote>{_WAS}"
             "</blockquote></div>",
    "superhuman": f"{_SAID}<br><div class=gmail_signature><div>Sent via Superhuman</div></div><br>"
                  f"<div><div class=gmail_quote>{_ATTR}<br><blockquote class='gmail_quote sh'>"
                  f"{_WAS}</blockquote></div></div>",
    "hey": f"{_SAID}<div class=trix-content><blockquote>{_ATTR}<br>{_WAS}</blockquote></div>",
    "fastmail": f"{_SAID}<div id=sig123><div class=signature>-- <br></div><div class=signature>"
                f"Ida Berg</div></div><div>On Mon, 2 Mar 2026, at 9:30 AM, Nora wrote:</div>"
                f"<blockquote type=cite id=qt>{_WAS}</blockquote>",
    "zimbra": f"{_SAID}<hr id=zwchr data-marker=__DIVIDER__><div data-marker=__HEADERS__>"
              f"{_BLOCK.replace('Sent', 'Date')}</div><div data-marker=__QUOTED__>{_WAS}</div>",
    "roundcube": f"{_SAID}<p id=reply-intro>On 2026-03-02 09:30, Nora wrote:</p><blockquote "
                 f"type=cite>{_WAS}</blockquote>",
    "netease": f"{_SAID}<div class=ntes-mailmaster-quote><div>---- Replied Message ----</div>"
               f"<table><tr><td>From</td><td>Nora</td></tr></table>{_WAS}</div>",
    "qq": f"{_SAID}<div><includetail><div style='font-size:12px'>------------------ Original "
          f"------------------</div><div><div><b>From:</b> Nora &lt;support@lantern.test&gt;;</div>"
          f"<div><b>Date:</b> Mon, Mar 2, 2026 09:30 AM</div><div><b>To:</b> Ida;</div><div><b>"
          f"Subject:</b> Re: x</div></div>{_WAS}</includetail></div>",
    "notes": f"{_SAID}<br><br><font size=1 color=#5f5f5f>From: </font><font size=1>Nora "
             f"&lt;support@lantern.test&gt;</font><br><font size=1>To: </font><font size=1>Ida"
             f"</font><br><font size=1>Date: </font><font size=1>03/02/2026 09:30 AM</font><br>"
             f"<font size=1>Subject: </font><font size=1>Re: x</font><hr noshade><br>{_WAS}",
    "comment-inside": f"<!-- x -->{_SAID}<!--[if mso]><p>Outlook</p><![endif]--><div class="
                      f"gmail_quote>{_ATTR}<blockquote class=gmail_quote>{_WAS}</blockquote></div>",
}  # fmt: skip
# All of these lines were written by the customer, whatever stands beside them.
_KEPT: dict[str, tuple[str, list[str]]] = {
    "below-quote": (f"<div class=gmail_quote>{_ATTR}<blockquote class=gmail_quote>{_WAS}"
                    f"</blockquote></div>{_SAID}", _LINES),
    "between": (f"<blockquote type=cite>{_WAS}</blockquote><p>Friday is fine.</p><blockquote "
                f"type=cite>{_WAS}</blockquote><p>Thank you, Ida</p>", _LINES),
    "inside-quote-div": (f"<div class=gmail_quote>{_ATTR}<blockquote class=gmail_quote>{_WAS}"
                         f"</blockquote>{_SAID}</div>", _LINES),
    "own-blockquote": ("<p>Your page says</p><blockquote>We come on Friday.</blockquote>"
                       "<p>Is that so?</p>", ["Your page says", "Is that so?"]),
    "own-indent": ("<blockquote style='margin:0 0 0 40px;border:none'><div>Friday is fine."
                   "</div></blockquote>", ["Friday is fine."]),
    "quote-only": (f"<div class=gmail_quote>{_ATTR}<blockquote class=gmail_quote><div>May we come "
                   "on Friday?</div></blockquote></div>", ["May we come on Friday?"]),
    "signature-only": ("<div class=gmail_signature>Ida Berg</div>", ["Ida Berg"]),
    "all-in-outlook-div": ("<div id=divRplyFwdMsg></div><p>Friday is fine.</p>",
                           ["Friday is fine."]),
    "hr": ("<p>Friday is fine.</p><hr><p>Thank you, Ida</p>", _LINES),
    "table": ("<table><tr><td>Lamp</td><td>40</td></tr><tr><td>Shade</td><td>10</td></tr></table>",
              ["Lamp 40", "Shade 10"]),
    "list": ("<ul><li>Lamp</li><li>Shade</li></ul>", ["- Lamp", "- Shade"]),
    "pre": ("<pre>one\n  two\nthree</pre>", ["one", "two", "three"]),
    "hidden-preview": ("<div style='display:none'>Preview</div><p>Friday is fine.</p>",
                       ["Friday is fine."]),
    "no-tags": ("Friday is fine.<br>Thank you, Ida", _LINES),
    "broken": ("<div><p>Friday is fine.<div></p></span><p>Thank you, Ida", _LINES),
    "entities": ("<p>Friday&nbsp;is&#32;fine&#46;</p><p>Thank you&comma; Ida", _LINES),
    "upper": ("<DIV>Friday is fine.</DIV><DIV>Thank you, Ida</DIV>", _LINES),
    "smile": ("<p>Friday is fine. <img alt='😀' src='cid:1'></p>", ["Friday is fine. [😀]"]),
}  # fmt: skip


def clients() -> Iterator[Case]:
    """Every program once, with and without a head and a body round it."""
    for name, page in _PAGES.items():
        expected = {"lines": _LINES, "kind": "person"}
        yield Case(f"client-{name}", message(page, kind="text/html"), expected, ("reply", name))
        whole = f"{_HEAD}{page}</body></html>"
        raw = message(whole, kind="text/html")
        yield Case(f"client-{name}-whole", raw, expected, ("reply", name))
    for name, (page, lines) in _KEPT.items():
        raw = message(page, kind="text/html")
        yield Case(f"client-keeps-{name}", raw, {"kept": lines, "kind": "person"}, ("trap", name))
