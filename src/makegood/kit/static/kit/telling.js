// What happened, told to the parts of the page that asked: an element with `data-about="conversation:17 inbox"` gets a
// `news` event when something is about one of them (htmx refetches what its reader may see). One with an id and
// `data-pace="1500"` is told no more often than that, and of the last that happened in any case.

const BREATH = 60

export class News {
  #heard = new Set()
  #told = new Map()
  #later = new Map()

  // Many events in one breath are one piece of news.
  hear(about) {
    about.forEach((subject) => this.#heard.add(subject))
    this.telling ??= setTimeout(() => this.#tell(), BREATH)
  }

  end() {
    for (const timer of [this.telling, ...this.#later.values()]) clearTimeout(timer)
    this.#later.clear()
    this.telling = undefined
  }

  #tell() {
    this.telling = undefined
    for (const part of document.querySelectorAll("[data-about]")) {
      const asked = part.dataset.about.split(" ")
      if (asked.some((subject) => this.#covers(subject))) this.#pass(part)
    }
    this.#heard.clear()
  }

  #covers(subject) {
    if (subject.includes(":")) return this.#heard.has(subject)
    return [...this.#heard].some((heard) => heard.startsWith(`${subject}:`))
  }

  // What comes sooner than a part wants to hear waits for its time; it is never left out.
  #pass(part) {
    const { pace } = part.dataset
    if (!pace) return part.dispatchEvent(new CustomEvent("news"))
    const rest = (this.#told.get(part.id) ?? -Infinity) + Number(pace) - performance.now()
    if (rest <= 0) this.#paced(part.id)
    else if (!this.#later.has(part.id)) this.#later.set(part.id, setTimeout(() => this.#paced(part.id), rest))
  }

  #paced(id) {
    this.#later.delete(id)
    this.#told.set(id, performance.now())
    document.getElementById(id)?.dispatchEvent(new CustomEvent("news"))
  }
}
