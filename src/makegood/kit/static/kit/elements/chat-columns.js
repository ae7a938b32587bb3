// <chat-columns tabs="chat-tabs"><section data-column="17"><button data-number>…</section></chat-columns>
// Chats beside one another: 1 to 4 write in one of them, Esc leaves its field and stays with it. The one with focus is
// where the agent is, for colleagues and for whoever waits; in the others a dot says that something came. Where there is
// room for one alone, the tabs lead from one to the next.

class ChatColumns extends HTMLElement {
  connectedCallback() {
    for (const kind of ["focusin", "keydown", "click", "htmx:afterSwap"]) this.addEventListener(kind, this)
    this.watch = new MutationObserver((changes) => this.#change(changes))
    this.watch.observe(this, { childList: true })
    this.#order()
  }

  disconnectedCallback() {
    this.watch.disconnect()
  }

  handleEvent(event) {
    if (event.type === "focusin") this.#enter(event.target.closest("[data-column]"))
    else if (event.type === "keydown") this.#leave(event)
    else if (event.type === "click") this.#write(event.target.closest("[data-number]"))
    else this.#came(event.target.closest?.("[data-column]"))
  }

  get #columns() {
    return [...this.querySelectorAll(":scope > [data-column]")]
  }

  // What was just taken is where the agent writes next; on a phone it is hidden until it is.
  #change(changes) {
    this.#order()
    const taken = changes.flatMap(({ addedNodes }) => [...addedNodes]).find((one) => one.isConnected && one.querySelector?.("[autofocus]"))
    if (!taken?.matches("[data-column]")) return
    this.#enter(taken)
    taken.querySelector("[autofocus]").focus()
  }

  #order() {
    const known = new Set()
    for (const column of this.#columns) {
      if (known.has(column.id)) column.remove()
      known.add(column.id)
    }
    this.#columns.forEach((column, place) => this.#number(column.querySelector("[data-number]"), String(place + 1)))
    this.#tell()
    if (!this.#columns.some((one) => one.hasAttribute("data-here"))) this.#next()
  }

  #number(button, number) {
    button.dataset.key = number
    button.textContent = number
  }

  // The one before the agent is gone: the next takes its place, and with the focus where nothing else has it.
  #next() {
    const next = this.#columns[Math.min(this.at ?? 0, this.#columns.length - 1)]
    const isFree = document.activeElement === document.body && this.at !== undefined
    this.#enter(next)
    if (isFree) next?.focus()
  }

  #enter(column) {
    if (!column || column.hasAttribute("data-here")) return
    for (const one of this.#columns) one.removeAttribute("data-here")
    column.dataset.here = column.dataset.column
    delete column.dataset.came
    this.at = this.#columns.indexOf(column)
    this.#tell()
    document.dispatchEvent(new CustomEvent("entered"))
  }

  #leave(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !event.target.matches("textarea")) return
    event.preventDefault()
    event.target.closest("[data-column]").focus()
  }

  #write(button) {
    if (button) document.getElementById(button.dataset.then)?.focus()
  }

  #came(column) {
    if (!column || column.hasAttribute("data-here") || !column.querySelector(".story > :last-child.message--incoming")) return
    column.dataset.came = ""
    this.#tell()
  }

  #tell() {
    const tabs = document.getElementById(this.getAttribute("tabs"))
    tabs.replaceChildren(...this.#columns.map((column) => this.#tab(column)))
  }

  #tab(column) {
    const tab = document.createElement("button")
    Object.assign(tab, { type: "button", className: "chats__tab", textContent: column.querySelector("h2").textContent.trim() })
    tab.ariaCurrent = String(column.hasAttribute("data-here"))
    tab.toggleAttribute("data-came", "came" in column.dataset)
    tab.addEventListener("click", () => {
      this.#enter(column) // before the focus, which what is hidden does not take
      column.focus()
    })
    return tab
  }
}

customElements.define("chat-columns", ChatColumns)
