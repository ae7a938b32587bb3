// <hot-keys></hot-keys> … <a href="/inbox/mine/" data-key="g m">Mine</a> <button data-key="r">Reply</button>
// Every control names its own key with `data-key`; two keys are pressed one after the other. A field or a
// details is opened and focused, anything else is clicked (and what `data-then` names is focused). In a list marked `data-keys="list"`, j and k
// (and the arrows there) move, Enter opens. `<hot-keys off>` or the box in the help switches them off.

class HotKeys extends HTMLElement {
  #first = ""
  #timer = 0
  #listen = (event) => this.#press(event)

  connectedCallback() {
    document.addEventListener("keydown", this.#listen)
    document.addEventListener("change", this.#choose)
    for (const box of document.querySelectorAll("[data-keys='switch']")) box.checked = !HotKeys.#areOff()
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#listen)
    document.removeEventListener("change", this.#choose)
  }

  #choose({ target }) {
    if (target.dataset?.keys === "switch") localStorage.setItem("keys", target.checked ? "on" : "off")
  }

  static #areOff() {
    return localStorage.getItem("keys") === "off"
  }

  #press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (this.hasAttribute("off") || HotKeys.#areOff() || document.querySelector("dialog[open]")) return
    if (event.target.matches("input:not([type=radio], [type=checkbox], [type=file]), textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur()
      return
    }
    if (this.#move(event) || this.#act(event)) event.preventDefault()
  }

  #move({ key, target }) {
    const list = document.querySelector("[data-keys='list']")
    const inList = list?.contains(target)
    const step = { j: 1, k: -1, ...(inList && { ArrowDown: 1, ArrowUp: -1 }) }[key]
    if (!step || this.#first || !list) return false
    const rows = [...list.querySelectorAll("[data-row]")]
    const here = rows.findIndex((row) => (inList ? row.contains(target) : row.hasAttribute("aria-current")))
    rows[Math.min(rows.length - 1, Math.max(0, here + step))]?.focus()
    return true
  }

  #act({ key, target }) {
    const typed = this.#first ? `${this.#first} ${key}` : key
    clearTimeout(this.#timer)
    this.#first = ""
    const control = HotKeys.shown(`[data-key="${CSS.escape(typed)}"]`, target)
    if (control) return HotKeys.use(control)
    if (!HotKeys.shown(`[data-key^="${CSS.escape(key)} "]`, target)) return false
    this.#first = key
    this.#timer = setTimeout(() => (this.#first = ""), 1200)
    return true
  }

  // What is folded away on this screen does not hear its key; a link in a folded drawer still does. What is under way
  // already leaves it to the next of its kind.
  // What stands in one of several columns hears it only while that column has focus.
  static shown(selector, target = document.body) {
    const isNear = (one) => !one.closest("[data-near]") || one.closest("[data-column]").contains(target)
    return [...document.querySelectorAll(selector)].find((one) => !one.disabled && (one.matches("a") || one.checkVisibility()) && isNear(one))
  }

  static use(control) {
    if (control.matches("input:not([type=radio]), textarea")) control.focus()
    else if (control.matches("details")) HotKeys.#open(control)
    else control.click()
    document.getElementById(control.dataset.then)?.focus()
    return true
  }

  static #open(details) {
    details.open = true
    if (details.closest("pop-menu")) return // it takes focus in by itself
    details.querySelector("input:not([type=hidden]), textarea, [role^=menuitem], button, a")?.focus()
  }
}

customElements.define("hot-keys", HotKeys)
