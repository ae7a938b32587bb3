// <count-down at="2026-03-02T09:05:00Z" late="late">09:05</count-down>
// How long there is still, to the second: 4:12. The last minute is at risk; behind it stands how late it is, in red and
// in words. Silent: whoever listens hears the moment from the words around it. Without script the moment stays.

class CountDown extends HTMLElement {
  static #all = new Set()
  static #clock = 0

  connectedCallback() {
    this.moment = new Date(this.getAttribute("at"))
    if (Number.isNaN(this.moment.getTime())) return
    this.title = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { timeStyle: "short" }).format(this.moment)
    this.show()
    CountDown.#all.add(this)
    CountDown.#clock ||= setInterval(() => CountDown.#all.forEach((one) => one.show()), 1000)
  }

  disconnectedCallback() {
    CountDown.#all.delete(this)
    if (CountDown.#all.size) return
    clearInterval(CountDown.#clock)
    CountDown.#clock = 0
  }

  show() {
    const left = Math.ceil((this.moment - Date.now()) / 1000)
    const length = CountDown.#length(Math.abs(left))
    const state = left < 0 ? "broken" : left < 60 ? "at-risk" : "open"
    if (this.getAttribute("state") !== state) this.setAttribute("state", state)
    this.textContent = left < 0 ? `${length} ${this.getAttribute("late")}` : length
  }

  static #length(seconds) {
    const two = (number) => String(number).padStart(2, "0")
    const minutes = Math.floor(seconds / 60)
    if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)} h`
  }
}

customElements.define("count-down", CountDown)
