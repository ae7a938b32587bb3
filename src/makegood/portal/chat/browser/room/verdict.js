// When a chat is over: how it was, asked once below the words, and never where it is in the way.

const verdict = {
  root: make("div", { className: "verdict", "aria-live": "polite" }),
  about: 0,

  put() {
    hub.on("talk", () => this.draw())
    hub.on("sent", () => this.root.replaceChildren())
  },

  draw() {
    const about = keep.get("asked") === String(talk.asks) ? 0 : talk.asks
    this.root.hidden = panel.view !== "talk"
    if (this.root.hidden || about === this.about) return
    this.about = about
    this.root.replaceChildren(...(about ? [this.form()] : []))
  },

  form() {
    const name = newName()
    const choices = ["good", "middling", "bad"].map((value) =>
      make("label", { className: "verdict__one" }, make("input", { type: "radio", name, value, required: true }), make("span", {}, say(value))))
    const words = make("input", { className: "field__input", type: "text", maxLength: 1000, "aria-label": say("why"), placeholder: say("why"), hidden: true })
    const send = make("button", { type: "submit", className: "word", hidden: true }, say("send"))
    const no = make("button", { type: "button", className: "word", onclick: () => this.end() }, say("noThanks"))
    const trouble = make("p", { className: "field__trouble", hidden: true })
    const form = make("form", {}, make("fieldset", {}, make("legend", {}, say("howWasIt")), ...choices), words, send, no, trouble)
    form.addEventListener("change", () => { words.hidden = send.hidden = false })
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.tell({ rating: new FormData(form).get(name), words: words.value }, trouble)
    })
    return form
  },

  async tell(said, trouble) {
    try {
      const page = await askFor("rating/", said)
      this.end(make("p", {}, say("thanks")))
      take(page)
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      trouble.textContent = wordsOf(error)
      trouble.hidden = false
    }
  },

  // Said or not: this chat is not spoken of again. Whoever pressed here goes on writing.
  end(...said) {
    keep.set("asked", String(this.about))
    this.about = 0
    this.root.replaceChildren(...said)
    panel.focus()
  },
}

asides.finish = function finish() {
  this.lay(say("finishWhy"), [], say("finish"), async () => {
    take(await askFor("end/"))
    panel.show("talk")
  })
}
