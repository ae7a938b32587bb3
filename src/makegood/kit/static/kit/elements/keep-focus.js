// <keep-focus></keep-focus>
// Where a swap took away what had focus, gives it to what stands there now: the same thing, or what is around it.
// Who works by keyboard or by ear never starts again from the top of the page.

class KeepFocus extends HTMLElement {
  static #ways = "a[href], button, summary, select, input:not([type=hidden])"
  static #kinds = ["focusin", "pointerdown", "htmx:afterSettle"]
  #last = null
  #places = []

  connectedCallback() {
    for (const kind of KeepFocus.#kinds) document.addEventListener(kind, this)
  }

  disconnectedCallback() {
    for (const kind of KeepFocus.#kinds) document.removeEventListener(kind, this)
  }

  handleEvent({ type, target }) {
    if (type === "focusin") this.#note(target)
    else if (type === "pointerdown") setTimeout(() => this.#forget())
    else this.#mend()
  }

  #note(target) {
    this.#last = target
    this.#places = []
    for (let one = target; one; one = one.parentElement) if (one.id) this.#places.push(one.id)
  }

  // Who clicked beside everything wants focus nowhere.
  #forget() {
    if (document.activeElement === document.body) this.#last = null
  }

  #mend() {
    if (!this.#last || this.#last.isConnected || document.activeElement !== document.body) return
    for (const id of this.#places) {
      const found = KeepFocus.#wayIn(document.getElementById(id))
      if (found) return found.focus({ preventScroll: true })
    }
  }

  static #wayIn(place) {
    if (!place?.checkVisibility()) return null
    if (place.matches(`${KeepFocus.#ways}, textarea, [tabindex]`)) return place
    const ways = [...place.querySelectorAll("textarea"), ...place.querySelectorAll(KeepFocus.#ways)]
    return ways.find((one) => one.checkVisibility() && !one.disabled)
  }
}

customElements.define("keep-focus", KeepFocus)
