"""What customers write themselves and a careless reader takes for a quote or a signature."""

from collections.abc import Iterator

from .case import Case, message

_OWN = {
    "journey": "I need a price.\nFrom: Berlin\nTo: Munich\nDate: 12.3.2026\nWhat does it cost?",
    "told": "On 3 March your colleague Tom wrote:\nWe will send a new lamp.\nBut nothing came.",
    "told-time": "On 3 March 2026 at 10:30 your driver wrote:\nNobody in.\nBut I was in.",
    "told-german": "Am 3. März 2026 um 10:30 schrieb mir Ihr Fahrer:\nNiemand da.\nIch war da.",
    "mailed": "I wrote to help@lantern.test on 2 March 2026 at 9:30:\nNo answer.\nWhy is that?",
    "dhl": "Where is it?\nSent by DHL on Monday, they say.",
    "post": "Wo ist es?\nGesendet mit der Post am Montag.",
    "fish": "Où est ma lampe ?\nEnvoyé par la poste lundi.",
    "rule": "First matter: the lamp.\n--\nSecond matter: when do you open on Saturdays?",
    "rule-long": "First matter: the lamp.\n-----------------\nSecond matter: the shade is cracked.",
    "underscores": "Here is the list\n________________________________\nLamp\nShade\nBulb",
    "words": "I read your original message.\nOriginal message or not, I want a refund.",
    "list": "I want:\n- a lamp\n- a shade\n* a bulb\n+ a cord\nThank you",
    "arrows": "I ordered:\n> one lamp\n> two shades\n> three bulbs",
    "arrow": "It weighs\n> 5 kg",
    "form": "New message from a page:\n\nFrom: Ida\nEmail: ida@customer.test\nDate: 2 March\n"
            "Subject: Lamp\nMessage: Where is my lamp?\nIt is late.",
    "form-german": "Anfrage über das Formular\n\nVon: Ida\nBetreff: Lampe\nDatum: 2.3.2026\n"
                   "Telefon: 030 1234\nNachricht: Wo ist meine Lampe?",
    "legal": "I got this e-mail in error and I want you to delete my address, or I go to court.",
    "address": "Please send it to:\nIda Berg\nTo: 5 Harbour Road\nSubject: none\nThanks a lot!",
    "invoice": "Invoice 2026-03-02\nTotal: 40 euros\nDate: 2.3.2026\nI never ordered that.",
    "quoting": "You told me:\n> It leaves on Friday.\nBut it did not leave on Friday!",
    "steps": "1) On 2.3.2026 at 9:30 I pressed it:\nit went dark\n2) I called you:\nno answer",
    "dashes": "Lamp -- the big one -- is broken\n--- really ---\nPlease help",
    "greeting": "Dear all,\n\nFrom: the bottom of my heart, thanks.\nTo: all of you.\nIda",
    "colon": "My problem is the following:\nMy lamp, bought 01/02/2026 12:30, flickers:\non, off",
    "ps": "Where is it?\n\nRegards\nIda\n\nPS: please call me on 030 1234567",
    "dots": "Hello\n...\nthe lamp is dark\n...\nbye",
    "sent": "Sent: yes\nReceived: no\nWhat now?",
    "phone": "Is the lamp good with an iPhone?\nMy order came from my iPhone, yes.",
    "away": "Out of office hours nobody answers.\nWhen do you open?",
    "bounce": "Your mail said: 550 5.1.1 user unknown.\nDelivery has failed, it said. Why?",
    "rtl": "שלום, המנורה לא עובדת.\nמאת: איש עצוב\nתודה",
    "cjk": "你好，灯坏了。\n发件人是谁？\n谢谢",
    "below": "My answers are below in red.\n\nFrom: Nora\nSent: Monday, March 2, 2026 9:30 AM\n"
             "To: Ida\nSubject: x\n\nWhen may we come? On Friday, please.",
    "contract": "Confidential or not, I was told that the lamp is privileged goods. Why?",
    "virus": "I think your mail had a virus. Please check.\nI did not open the attachment.",
    "table": "Item | Price\n-----|------\nLamp | 40\nShade | 10\nTotal | 50",
    "subject-in-text": "Subject: my lamp\n\nIt is broken.",
    "email-in-text": "Please use ida@customer.test:\nthe other address is dead.",
    "html-ish": "<b>It is broken</b>\n> 3 weeks now, and < 1 answer\nIda",
    "stars": "** important **\nThe lamp smokes\n** important **",
    "dated-tale": "On Monday, March 2, 2026, your driver\nleft it at\nthe neighbour's.",
    "dated-colon": "Delivery, 2.3.2026 9:30:\nnobody came.\nNot even on 3.3.2026.",
    "wrote-to-you": "I wrote to you on 2 March.\nYou wrote: we will look into it.\nAnd then?",
    "he-wrote": "My husband wrote:\nplease call him.\nIda",
    "german-wrote": "Ihr Kollege schrieb:\nDie Lampe kommt am Freitag.\nSie kam nicht.",
    "french-wrote": "Votre collègue a écrit :\nla lampe arrive vendredi.\nRien.",
    "spanish-wrote": "Su colega escribió:\nllega el viernes.\nNo llegó.",
    "russian-wrote": "Ваш коллега написал:\nлампа придёт в пятницу.\nНе пришла.",
    "sent-tale": "Sent it back on Monday from my phone shop next door?\nIs that right?",
    "sent-german": "Gesendet von DHL, sagt Ihr Kollege.\nStimmt das?",
    "chinese-from": "我在小米商城买的灯坏了。\n来自小米商城的订单\n请帮忙",
    "chinese-by": "灯坏了。\n通过微信小程序买的，用小米手机付款",
    "japanese-sent": "ランプが届きません。\n先週iPhoneで注文しました。",
    "korean-sent": "램프가 안 왔어요.\n지난주에 아이폰으로 주문했어요.",
    "greater": "My weight is\n>100 kg\nwill the chair hold?",
    "greater-one": "Is 5 > 3?\n> yes it is\nI think so.",
    "prompt": "I typed:\n> makegood serve\n> makegood doctor\nand nothing came up.",
    "signed-ps": "Where is it?\n--\nIda\n\nPS: And the shade?\nIt was cracked, did you see?",
    "dashes-between": "One lamp\n---\nTwo shades\n---\nThree bulbs, all dark, what now?",
    "labels-few": "To: whom it may concern\n\nThe lamp is dark.",
    "labels-order": "Order: 17\nDate: 2.3.2026\nTo: Ida Berg, Harbour Road 5\nWhere is it?",
    "labels-german": "Von: Berlin\nNach: München\nAn: Bahnhof\nWas kostet der Versand?",
    "labels-dutch": "Van: Utrecht\nAan: Gent\nWat kost dat?",
    "labels-french": "De : Paris\nÀ : Lyon\nQuel est le prix ?",
    "labels-italian": "Da: Roma\nA: Milano\nQuanto costa?",
    "original-word": "Original message\nis what your button says. Why?",
    "forwarded-word": "I forwarded it:\nForwarded message not found, it says.",
    "out-of-office": "Nobody is in the office?\nI am out of the office on Friday, come on Monday.",
    "returned": "Returned mail: see transcript\nThat is what I got. What does it mean?",
    "legal-words": "This message is confidential: my husband must not know of the lamp.\n"
                   "Please delete my second order, I made it in error.\nThank you",
    "equals": "=======\nThe lamp is dark\n=======",
    "bullets": "• one\n• two\n‣ three\n– four\n— five",
    "numbers": "1. one\n2. two\n10:30: three\n2026-03-02 10:30: four",
    "mails": "My mails: ida@x.test, berg@customer.test\nUse <berg@customer.test>:\nnot the first.",
    "cite": "Your page says:\n“We come on Friday.”\n« Vendredi »\nNobody came.",
    "json": "It shows\n{\"from\": \"x\", \"to\": \"y\"}\nwhat is that?",
    "log": "2026-03-02 09:30:01 ERROR: lamp <a@b.test>:\n2026-03-02 09:30:02 dark\nHelp",
    "blank-lines": "One\n\n\n\n\nTwo\n\n\n\n\n\n\nThree",
    "long-line": "Where " + "is " * 400 + "it?\nThank you",
    "only-question": "?",
    "only-sign": "👍",
    "only-yes": "Ok",
    "name-only": "Ida",
    "unsubscribe": "Please unsubscribe me from the mailing list.\nThank you.",
}  # fmt: skip


def traps() -> Iterator[Case]:
    """Every line of these was written by the customer."""
    for name, text in _OWN.items():
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        for shape, raw in _shapes(text):
            expected = {"kept": lines, "kind": "person"}
            yield Case(f"trap-{name}-{shape}", raw, expected, ("trap", name))


def _shapes(text: str) -> Iterator[tuple[str, bytes]]:
    yield "plain", message(text, subject="My lamp")
    page = "<div>" + text.replace("<", "&lt;").replace("\n", "<br>\n") + "</div>"
    yield "html", message(page, subject="My lamp", kind="text/html")
    paragraphs = "".join(f"<p>{line}</p>" for line in text.replace("<", "&lt;").split("\n"))
    yield "paragraphs", message(paragraphs, subject="My lamp", kind="text/html")
    quote = "\n\nOn Mon, 2 Mar 2026 at 09:30, Nora <support@lantern.test> wrote:\n> Hello\n> Ida\n"
    yield "answered", message(text + quote)
