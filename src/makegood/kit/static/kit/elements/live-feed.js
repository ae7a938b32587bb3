// <live-feed src="/live/" after="812" live="live" delayed="delayed" polling="polling" role="status"></live-feed>
// Hears what happened, as ids only, and tells the parts of the page that asked: an element with
// `data-about="conversation:17 inbox"` gets a `news` event when an event is about one of them (htmx refetches
// what its reader may see). Where the stream breaks it asks every few seconds instead, and says so.

import "../fetching.js"

class LiveFeed extends HTMLElement {
  static patience = 4000 // without a stream for so long: ask instead
  static pace = 5000
  #heard = new Set()

  connectedCallback() {
    this.after = this.getAttribute("after") ?? "0"
    window.addEventListener("online", this.#online)
    this.#listen()
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.#online)
    this.stream?.close()
    clearTimeout(this.waiting)
    clearInterval(this.asking)
  }

  #online = () => this.state !== "live" && this.#ask()

  #listen() {
    this.stream = new EventSource(this.#url(this.getAttribute("src")))
    this.stream.addEventListener("open", () => this.#streaming())
    this.stream.addEventListener("error", () => this.#broken())
    this.stream.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data)))
    this.stream.addEventListener("here", ({ data }) => document.dispatchEvent(new CustomEvent("here", { detail: JSON.parse(data) })))
  }

  #streaming() {
    clearTimeout(this.waiting)
    clearInterval(this.asking)
    this.#say("live")
  }

  // EventSource tries again by itself after a cut, but not after an answer that says no.
  #broken() {
    if (this.state !== "polling") this.#say("delayed")
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.#poll(), LiveFeed.patience)
  }

  #poll() {
    this.stream.close()
    this.#say("polling")
    clearInterval(this.asking)
    this.tries = 0
    this.asking = setInterval(() => this.#ask(), LiveFeed.pace)
  }

  async #ask() {
    const answer = await fetch(this.#url(`${this.getAttribute("src")}poll/`)).catch(() => null)
    if (!answer) return this.#say("delayed")
    if (!answer.ok || answer.redirected) return
    const isBack = this.state === "delayed"
    this.#say("polling")
    for (const event of (await answer.json()).events) this.#hear(event)
    if (isBack || ++this.tries % 6 === 0) this.#again()
  }

  // Once something answers again, and every half minute, the stream gets another chance; asking
  // goes on until it opens.
  #again() {
    this.stream.close()
    this.#listen()
  }

  #url(path) {
    return `${path}?after=${encodeURIComponent(this.after)}`
  }

  #hear({ id, about }) {
    if (id) this.after = String(id)
    about.forEach((subject) => this.#heard.add(subject))
    this.telling ??= setTimeout(() => this.#tell(), 60)
  }

  // Many events in one breath are one piece of news.
  #tell() {
    this.telling = undefined
    for (const part of document.querySelectorAll("[data-about]")) {
      const asked = part.dataset.about.split(" ")
      if (asked.some((subject) => this.#covers(subject))) part.dispatchEvent(new CustomEvent("news"))
    }
    this.#heard.clear()
  }

  #covers(subject) {
    if (subject.includes(":")) return this.#heard.has(subject)
    return [...this.#heard].some((heard) => heard.startsWith(`${subject}:`))
  }

  #say(state) {
    if (this.state === state) return
    this.state = state
    this.setAttribute("state", state)
    this.textContent = this.getAttribute(state)
  }
}

customElements.define("live-feed", LiveFeed)
