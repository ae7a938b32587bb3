// <local-time datetime="2026-03-02T09:00:00Z" form="short">2 March, 09:00 UTC</local-time>
// Shows a moment in the reader's own clock and language. Forms: "short" (today the hour, else the day),
// "hour", "day", "ago" and "apart" (how long since, or either way; both keep fresh), or none: day and hour. Without JavaScript the text stays.

class LocalTime extends HTMLElement {
  static #all = new Set()
  static #clock = 0
  static #styles = {
    hour: { timeStyle: "short" },
    day: { weekday: "short", day: "numeric", month: "long" },
    date: { day: "numeric", month: "short" },
    when: { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
    full: { dateStyle: "medium", timeStyle: "short" },
  }
  static #steps = [[60, "second"], [60, "minute"], [24, "hour"], [365, "day"], [Infinity, "year"]]

  connectedCallback() {
    this.moment = new Date(this.getAttribute("datetime"))
    if (Number.isNaN(this.moment.getTime())) return
    this.title = LocalTime.#say(this.moment, "full")
    this.show()
    LocalTime.#all.add(this)
    LocalTime.#clock ||= setInterval(() => LocalTime.#all.forEach((one) => one.show()), 30_000)
  }

  disconnectedCallback() {
    LocalTime.#all.delete(this)
  }

  show() {
    const form = this.getAttribute("form") ?? "full"
    const words = form === "ago" || form === "apart" ? LocalTime.#ago(this.moment, form) : LocalTime.#say(this.moment, LocalTime.#pick(form, this.moment))
    if (this.textContent !== words) this.textContent = words
  }

  static #pick(form, moment) {
    if (form !== "short") return form in LocalTime.#styles ? form : "full"
    return moment.toDateString() === new Date().toDateString() ? "hour" : "date"
  }

  static #say(moment, style) {
    const other = moment.getFullYear() !== new Date().getFullYear()
    const options = { ...LocalTime.#styles[style], ...(other && style !== "hour" && style !== "full" && { year: "numeric" }) }
    return new Intl.DateTimeFormat(LocalTime.#language(), options).format(moment)
  }

  static #ago(moment, form) {
    const since = (Date.now() - moment) / 1000
    let amount = form === "apart" ? Math.abs(since) : Math.max(0, since)
    for (const [size, unit] of LocalTime.#steps) {
      if (amount < size) return LocalTime.#amount(unit === "second" ? 1 : amount, unit === "second" ? "minute" : unit)
      amount /= size
    }
  }

  static #amount(amount, unit) {
    const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }
    return new Intl.NumberFormat(LocalTime.#language(), style).format(Math.floor(amount))
  }

  static #language() {
    const page = document.documentElement.lang
    return navigator.languages.find((one) => one.startsWith(page)) ?? (page || undefined)
  }
}

customElements.define("local-time", LocalTime)
