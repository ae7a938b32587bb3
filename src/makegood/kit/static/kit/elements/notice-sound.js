// <notice-sound data-about="notice" src="/notices/sounding/"></notice-sound> … <button data-sound="try">Hear it</button>
// Two short notes when something happened that the agent wants to hear of: in one page alone, however many are open, and
// not for what they have before them. The server says whether; nothing is fetched to be played.

class NoticeSound extends HTMLElement {
  static notes = [[659, 0], [880, 0.14]]
  #isOn = true

  connectedCallback() {
    this.addEventListener("news", this)
    document.addEventListener("click", this)
  }

  disconnectedCallback() {
    document.removeEventListener("click", this)
  }

  handleEvent({ type, target }) {
    if (type === "news") this.#ask()
    else if (target.closest("[data-sound=try]")) NoticeSound.#play()
  }

  async #ask() {
    if (!this.#isOn) return
    const answer = await fetch(`${this.getAttribute("src")}?after=${localStorage.getItem("heard") ?? 0}`).catch(() => null)
    if (!answer?.ok || answer.redirected) return
    const { is_on, newest, at } = await answer.json()
    this.#isOn = is_on
    if (newest && (await this.#isFirst(newest)) && !NoticeSound.#areSeen(at)) NoticeSound.#play()
  }

  // Of several pages the first takes it; the lock keeps two from being the first.
  async #isFirst(newest) {
    const take = () => {
      if (Number(localStorage.getItem("heard") ?? 0) >= newest) return false
      localStorage.setItem("heard", newest)
      return true
    }
    return navigator.locks ? navigator.locks.request("heard", take) : take()
  }

  static #areSeen(places) {
    return document.hasFocus() && places.every((place) => document.querySelector(`[data-here="${place}"]`))
  }

  // A page in which nobody clicked yet may not sound: then it stays silent.
  static async #play() {
    NoticeSound.context ??= new AudioContext()
    const { context } = NoticeSound
    if (context.state === "suspended") await context.resume().catch(() => null)
    for (const [pitch, after] of NoticeSound.notes) NoticeSound.#note(context, pitch, context.currentTime + after)
  }

  static #note(context, pitch, at) {
    const [tone, loudness] = [context.createOscillator(), context.createGain()]
    tone.frequency.value = pitch
    loudness.gain.setValueAtTime(0, at)
    loudness.gain.linearRampToValueAtTime(0.12, at + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.32)
    tone.connect(loudness).connect(context.destination)
    tone.start(at)
    tone.stop(at + 0.34)
  }
}

customElements.define("notice-sound", NoticeSound)
