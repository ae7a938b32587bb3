// The small pages for going on: what to give, what came of it, and why not, in words.

const asides = {
  root: make("form", { className: "questions aside", noValidate: true, hidden: true }),
  from: "talk",

  draw(name, from) {
    this.from = from in WAYS_ON ? this.from : from || "home"
    this.trouble = make("p", { className: "field__trouble", role: "alert", hidden: true })
    this.title = make("h2", { className: "questions__title", tabIndex: -1 }, say(name))
    this.root.onsubmit = (event) => { event.preventDefault(); this.send() }
    this[name]()
  },

  // What it is for, what is asked, and the one button.
  lay(why, fields, button, act) {
    this.fields = fields
    this.button = make("button", { type: "submit", className: "button" }, button)
    this.act = act
    const words = why ? [make("p", { className: "aside__why" }, why)] : []
    this.root.replaceChildren(this.title, ...words, ...fields.map((one) => one.root), this.trouble, this.button)
  },

  async send() {
    const wrong = this.fields.filter((one) => !questions.holds(one))
    if (wrong.length) return wrong[0].input.focus()
    if (this.button.getAttribute("aria-disabled") === "true") return
    await this.tried(this.act)
  },

  async tried(act) {
    const { button, trouble } = this
    button.setAttribute("aria-disabled", "true")
    trouble.hidden = true
    try {
      await act()
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      trouble.textContent = wordsOf(error)
      trouble.hidden = false
    }
    button.removeAttribute("aria-disabled")
  },

  done(words, ...more) {
    const back = make("button", { type: "button", className: "button", onclick: () => panel.show(this.from) }, say("goBack"))
    this.title.textContent = words
    this.root.replaceChildren(this.title, ...more, back)
    this.title.focus()
  },

  byEmail() {
    const field = questions.field({ key: "email", kind: "email", label: say("email"), is_required: true })
    this.lay(say("byEmailWhy"), [field], say("save"), async () => {
      const { email } = await askFor("email/", { email: field.input.value.trim() })
      keep.set("mail", "given")
      this.done(say("byEmailDone", email))
    })
  },

  onPhone() {
    this.lay(say("onPhoneWhy"), [], say("makeLink"), async () => {
      const { url, expires, qr } = await askFor("pass/")
      const link = make("input", { className: "field__input", type: "text", value: url, readOnly: true, dir: "ltr", "aria-label": say("link"), onfocus: () => link.select() })
      const until = make("p", { className: "aside__why" }, say("onPhoneOnce", clockOf(expires)))
      this.done(say("onPhoneDone"), qrOf(qr), link, until)
    })
  },

  inHand() {
    this.lay(say("inHandWhy"), [], say("inHandSend"), async () => {
      this.done(say("inHandDone", (await askFor("transcript/")).email))
    })
  },

  focus() {
    (this.fields[0]?.input ?? this.title).focus({ preventScroll: true })
  },

  async byCall() {
    const id = newId()
    this.lay(say("loading"), [], say("callMe"), () => {})
    this.button.hidden = true
    await this.tried(async () => {
      const { slots } = await ask("GET", "callback/", { isOpenToAll: true })
      if (panel.view !== "byCall") return
      if (!slots.length) return this.done(say("noCalls"))
      const phone = questions.field({ key: "phone", kind: "phone", label: say("phone"), is_required: true })
      const when = questions.field({ key: "when", kind: "choice", label: say("when"), choices: [], is_required: true })
      for (const group of daysOf(slots)) when.input.append(group)
      const about = questions.field({ key: "about", kind: "text", label: say("about"), is_required: false })
      this.lay(say("byCallWhy"), [phone, when, about], say("callMe"), async () => {
        const wish = { client_id: id, phone: phone.input.value.trim(), when: when.input.value, words: about.input.value.trim() }
        const { message, promise } = await askFor("callback/", wish)
        take({ messages: [message], conversation: { status: "open" } })
        offer.isCalled = true
        hub.tell("sent", message)
        this.from = "talk"
        this.done(`${promise}.`)
      })
      phone.input.focus()
    })
  },
}

// A choice of days with their times; each time says its day, for whoever hears only it.
function daysOf(slots) {
  const days = [...new Set(slots.map((one) => one.day))]
  return days.map((day) => make("optgroup", { label: day }, ...slots.filter((one) => one.day === day).map((one) =>
    make("option", { value: one.key }, `${one.day}, ${one.from}–${one.until}`))))
}

function qrOf({ size, path }) {
  const made = icon(path)
  const look = { class: "code", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": say("code") }
  for (const [key, value] of Object.entries(look)) made.setAttribute(key, value)
  made.removeAttribute("aria-hidden")
  return made
}
