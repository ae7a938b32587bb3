// A handful of small pictures for a message, by mouse and by keys.

const EMOJI = "😀 😊 😂 🙂 😉 😍 🤔 😕 🙁 😢 😡 😳 👍 👎 👌 🙏 👏 🙌 💪 👋 ❤️ 💔 🎉 🎁 ✅ ❌ ❓ ❗ ⭐ 🔥 💡 📦".split(" ")
const COLUMNS = 8

const emoji = {
  root: make("div", { className: "emoji", role: "group", hidden: true }),

  put(opener) {
    this.opener = opener
    this.root.setAttribute("aria-label", say("emoji"))
    this.root.append(...EMOJI.map((sign, index) => make("button", {
      type: "button", className: "emoji__one", tabIndex: index ? -1 : 0, onclick: () => this.choose(sign),
    }, sign)))
    this.root.addEventListener("keydown", (event) => this.move(event))
    this.root.addEventListener("focusout", (event) => {
      if (event.relatedTarget !== opener && !this.root.contains(event.relatedTarget)) this.close()
    })
    opener.addEventListener("click", () => (this.root.hidden ? this.open() : this.close()))
  },

  open() {
    this.root.hidden = false
    this.opener.setAttribute("aria-expanded", "true")
    this.root.firstChild.focus()
  },

  close(isBack = false) {
    this.root.hidden = true
    this.opener.setAttribute("aria-expanded", "false")
    if (isBack) this.opener.focus()
  },

  choose(sign) {
    this.close()
    composer.insert(sign)
  },

  move(event) {
    const isRight = face.frame.dir !== "rtl"
    const steps = { ArrowRight: isRight ? 1 : -1, ArrowLeft: isRight ? -1 : 1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }
    if (event.key === "Escape") {
      event.stopPropagation()
      return this.close(true)
    }
    if (!(event.key in steps)) return
    event.preventDefault()
    const all = [...this.root.children]
    const next = all[all.indexOf(event.target) + steps[event.key]]
    if (!next) return
    for (const one of all) one.tabIndex = one === next ? 0 : -1
    next.focus()
  },
}
