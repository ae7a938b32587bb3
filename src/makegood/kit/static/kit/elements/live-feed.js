// <live-feed src="/live/" after="812" live="live" delayed="delayed" polling="polling" role="status"></live-feed>
// Hears what happened, as ids only, and tells the parts of the page that asked (telling.js). Where the stream breaks
// it asks every few seconds instead, and says so.

import "../fetching.js"
import "../staying.js"
import { News } from "../telling.js"

class LiveFeed extends HTMLElement {
  static patience = 4000 // without a stream for so long: ask instead
  static pace = 5000
  static opening = 30_000
  #news = new News()

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
    this.#news.end()
  }

  #online = () => this.state !== "live" && this.#ask()

  #listen() {
    this.begunAt = performance.now()
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

  // One question at a time: where answers are slow, more would stand in the way of the stream.
  async #ask() {
    if (this.isAsking) return
    this.isAsking = true
    await this.#asked().finally(() => (this.isAsking = false))
  }

  async #asked() {
    const answer = await fetch(this.#url(`${this.getAttribute("src")}poll/`)).catch(() => null)
    if (this.stream.readyState === EventSource.OPEN) return // it opened meanwhile, and tells all that is new
    if (!answer) return this.#say("delayed")
    if (!answer.ok || answer.redirected) return
    const isBack = this.state === "delayed"
    this.#say("polling")
    for (const event of (await answer.json()).events) this.#hear(event)
    if (isBack || ++this.tries % 6 === 0) this.#again()
  }

  // Once something answers again, and every half minute, the stream gets another chance; asking
  // goes on until it opens. One that is still opening is given its time: a slow one would never come.
  #again() {
    const isOpening = this.stream.readyState !== EventSource.CLOSED
    if (isOpening && performance.now() - this.begunAt < LiveFeed.opening) return
    this.stream.close()
    this.#listen()
  }

  #url(path) {
    return `${path}?after=${encodeURIComponent(this.after)}`
  }

  #hear({ id, about }) {
    if (id) this.after = String(id)
    this.#news.hear(about)
  }

  #say(state) {
    if (this.state === state) return
    this.state = state
    this.setAttribute("state", state)
    this.textContent = this.getAttribute(state)
  }
}

customElements.define("live-feed", LiveFeed)
