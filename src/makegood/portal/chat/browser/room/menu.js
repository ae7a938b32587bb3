// What else can be done with a conversation: a small menu in the head of the chat.

const menu = {
  root: make("div", { className: "menu", role: "menu", hidden: true }),
  button: null,

  put() {
    this.button = iconButton("more", say("more"), () => (this.root.hidden ? this.open() : this.close(true)), { "aria-haspopup": "menu", "aria-expanded": "false" })
    this.root.id = newName()
    this.root.setAttribute("aria-label", say("more"))
    this.button.setAttribute("aria-controls", this.root.id)
    this.root.addEventListener("keydown", (event) => this.pressed(event))
    this.root.addEventListener("focusout", (event) => this.root.contains(event.relatedTarget) || event.relatedTarget === this.button || this.close())
    return this.button
  },

  draw() {
    this.button.hidden = !waysOn().length || panel.view in WAYS_ON
    if (this.button.hidden) this.close()
  },

  open() {
    this.root.replaceChildren(...waysOn().map((name) =>
      make("button", { type: "button", role: "menuitem", className: "menu__one", tabIndex: -1, onclick: () => { this.close(); panel.show(name) } },
        sign(WAYS_ON[name]), make("span", {}, say(name)))))
    this.show(true)
    this.root.firstElementChild.focus()
  },

  close(isByHand = false) {
    if (this.root.hidden) return
    this.show(false)
    if (isByHand) this.button.focus()
  },

  show(isOpen) {
    this.root.hidden = !isOpen
    this.button.setAttribute("aria-expanded", String(isOpen))
  },

  pressed(event) {
    const all = [...this.root.children]
    const at = all.indexOf(face.shade.activeElement)
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at + all.length - 1) % all.length, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) all[to].focus()
    else if (event.key === "Escape") this.close(true)
    else return
    event.preventDefault()
    event.stopPropagation()
  },
}
