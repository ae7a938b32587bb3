// <who-is-here src="/presence/" me="3" looking="{name} is here" note="…" answer="…"><input name="csrfmiddlewaretoken"></who-is-here>
// Says every quarter of a minute, while the page is seen, where it is (`data-here="17"`) and what is typed there; and shows
// who else is: in words in `[data-who]`, as a warning in `[data-who-answers]`, as small faces in the rows of the list.

class WhoIsHere extends HTMLElement {
  static pace = 15_000
  static typing = 8000
  #page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`
  #places = new Map()
  #doing = "looking"
  #at = null

  connectedCallback() {
    const hears = { input: "type", submit: "rest", focusin: "show", here: "hear", visibilitychange: "see", "htmx:afterSettle": "arrive", entered: "arrive" }
    for (const [kind, act] of Object.entries(hears)) document.addEventListener(kind, (event) => this[act](event))
    addEventListener("pagehide", () => this.#say("gone"))
    this.arrive()
  }

  get #here() {
    return document.querySelector("[data-here]")?.dataset.here ?? ""
  }

  arrive() {
    if (this.#at !== this.#here) this.#beat("looking")
    this.show()
  }

  type({ target }) {
    const form = target.closest("reply-composer form")
    if (!form) return
    const doing = form.matches("[class*='--note']") ? "note" : "answer"
    clearTimeout(this.resting)
    this.resting = setTimeout(() => this.rest(), WhoIsHere.typing)
    if (this.#doing !== doing) this.#beat(doing)
    this.show()
  }

  rest() {
    if (this.#doing !== "looking") this.#beat("looking")
  }

  see() {
    document.hidden ? this.#say("gone") : this.#beat("looking")
  }

  async #beat(doing = this.#doing) {
    clearTimeout(this.next)
    this.next = setTimeout(() => this.#beat(), WhoIsHere.pace)
    if (document.hidden) return
    this.#doing = doing
    this.#at = this.#here
    const answer = await fetch(this.getAttribute("src"), { method: "POST", body: this.#told(doing) }).catch(() => null)
    if (!answer?.ok || answer.redirected) return
    this.#places = new Map(Object.entries((await answer.json()).who))
    this.show()
  }

  #say(doing) {
    clearTimeout(this.next)
    this.#at = null
    navigator.sendBeacon(this.getAttribute("src"), this.#told(doing))
  }

  #told(doing) {
    const token = this.querySelector("[name=csrfmiddlewaretoken]").value
    return new URLSearchParams({ csrfmiddlewaretoken: token, page: this.#page, at: this.#here, doing })
  }

  hear({ detail: { place, who } }) {
    this.#places.set(place.split(":")[1], who)
    this.show()
  }

  #others(at) {
    return (this.#places.get(at) ?? []).filter(([agent]) => String(agent) !== this.getAttribute("me"))
  }

  #sentence = ([, name, , doing]) => this.getAttribute(doing).replace("{name}", name)

  show() {
    const others = this.#others(this.#here)
    for (const place of document.querySelectorAll("[data-who]")) this.#put(place, others)
    const text = document.getElementById("reply-text")
    const isMine = Boolean(text && (text.value.trim() || document.activeElement === text))
    for (const place of document.querySelectorAll("[data-who-answers]")) {
      this.#put(place, isMine ? others.filter(([, , , doing]) => doing === "answer") : [])
    }
    for (const row of document.querySelectorAll("[data-row]")) this.#faces(row)
  }

  #put(place, others) {
    const words = others.map((one) => this.#sentence(one)).join(" · ")
    const said = place.querySelector("[data-said]") ?? place
    if (said.textContent !== words) said.textContent = words
    place.hidden = !words
  }

  #faces(row) {
    const others = this.#others(row.id.slice(4)).slice(0, 3) // row-17
    const was = row.querySelector(".row__here")
    const told = others.map(([agent, , , doing]) => `${agent} ${doing}`).join()
    if ((was?.dataset.told ?? "") === told) return
    was?.remove()
    if (!others.length) return
    const faces = Object.assign(document.createElement("span"), { className: "row__here" })
    faces.append(...others.map((one) => this.#face(one)))
    faces.dataset.told = told
    row.querySelector(".row__end").prepend(faces)
  }

  #face(one) {
    const className = one[3] === "looking" ? "initials" : "initials initials--busy"
    const title = this.#sentence(one)
    return Object.assign(document.createElement("span"), { className, title, textContent: one[2], role: "img", ariaLabel: title })
  }
}

customElements.define("who-is-here", WhoIsHere)
