// The button in the corner: opens the chat, and says how many messages wait unread.

const SPEECH = "M22 17a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 21.286V5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2z"
const DOWN = "m6 9 6 6 6-6"

const launcher = {
  button: make("button", { type: "button", className: "launcher", hidden: true }),
  badge: make("span", { className: "launcher__count", "aria-hidden": "true", hidden: true }),
  trouble: make("p", { className: "launcher__trouble", role: "status", hidden: true }),

  put() {
    const signs = [icon(SPEECH), icon(DOWN)]
    signs[0].classList.add("launcher__speech")
    signs[1].classList.add("launcher__down")
    this.button.append(...signs, this.badge)
    this.button.addEventListener("click", () => api.toggle())
    for (const kind of ["pointerenter", "focus"]) this.button.addEventListener(kind, loadRoom)
    face.frame.append(this.trouble, this.button)
    hub.on("talk", () => this.draw())
    hub.on("toggle", () => this.draw())
  },

  show() {
    this.button.hidden = false
    this.draw()
  },

  draw() {
    const count = shop.isOpen ? 0 : talk.unread()
    const label = shop.isOpen ? say("hide") : say("launch", shop.hello?.name)
    this.button.setAttribute("aria-label", count ? `${label}, ${say("unread", count)}` : label)
    this.button.setAttribute("aria-expanded", String(shop.isOpen))
    this.badge.hidden = !count
    this.badge.textContent = count > 9 ? "9+" : String(count)
    if (count !== this.count) hub.tell("unread", count)
    this.count = count
  },

  wait(isWaiting) {
    this.button.setAttribute("aria-busy", String(isWaiting))
  },

  complain(words) {
    this.trouble.textContent = words
    this.trouble.hidden = !words
  },
}
