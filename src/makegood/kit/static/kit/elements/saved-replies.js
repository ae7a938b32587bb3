// <form><textarea name="text"></textarea><saved-replies src="/conversations/17/saved-replies/"><ul role="listbox" hidden></ul>
//   <p role="status"></p></saved-replies><button data-saved-replies formaction="…">Saved replies</button></form>
// A slash at the beginning of a word, or the button, opens the list; words after it search; arrows choose, Enter puts
// the text where the slash was, Escape leaves what was typed. Without script the button asks on a page of its own.

import { choose, narrow, part, step } from "../choices.js"

class SavedReplies extends HTMLElement {
  #start = -1 // where the slash stands
  #asked = 0
  #area
  #list

  connectedCallback() {
    const form = this.closest("form")
    this.#area = form.elements.text
    this.#list = this.querySelector("[role=listbox]")
    this.#area.setAttribute("aria-controls", this.#list.id)
    for (const kind of ["input", "keydown"]) this.#area.addEventListener(kind, (event) => this[event.type](event))
    this.#area.addEventListener("blur", () => this.#close())
    form.querySelector("[data-saved-replies]").addEventListener("click", (event) => this.#begin(event))
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault() // the words keep focus
      this.#pick(event.target.closest("[role=option]"))
    })
  }

  input() {
    const { value, selectionStart: caret } = this.#area
    const isSlash = value[caret - 1] === "/" && (caret === 1 || /\s/.test(value[caret - 2]))
    if (this.#start < 0 && !isSlash) return
    if (this.#start < 0) this.#start = caret - 1
    const typed = value.slice(this.#start, caret)
    if (typed[0] !== "/" || typed.length > 60 || /\n|^\/\s/.test(typed)) return this.#close()
    narrow(this.#area, this.#list, typed.slice(1))
    this.#search(typed.slice(1))
  }

  keydown(event) {
    if (this.#list.hidden || event.ctrlKey || event.metaKey || event.isComposing) return
    if (event.key.startsWith("Arrow") && "UpDown".includes(event.key.slice(5))) step(this.#area, this.#list, event.key === "ArrowUp" ? -1 : 1)
    else if (event.key === "Enter" || event.key === "Tab") this.#pick(this.#list.querySelector("[aria-selected=true]"))
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #begin(event) {
    event.preventDefault()
    this.#area.focus()
    const { value, selectionStart: caret } = this.#area
    this.#area.setRangeText(caret && !/\s/.test(value[caret - 1]) ? " /" : "/", caret, this.#area.selectionEnd, "end")
    this.#area.dispatchEvent(new Event("input", { bubbles: true }))
  }

  async #search(words, asked = ++this.#asked) {
    const answer = await fetch(`${this.getAttribute("src")}?q=${encodeURIComponent(words)}`).catch(() => null)
    const choices = answer?.ok && (await answer.json()).choices
    if (!choices || asked !== this.#asked || this.#start < 0) return // no sooner: it may be left while the answer is read
    if (!choices.length && words.includes(" ")) return this.#close()
    this.#list.replaceChildren(...choices.map(SavedReplies.#option))
    this.#list.hidden = !choices.length
    this.#say(choices.length ? `${choices.length} ${this.dataset.count}` : this.dataset.none)
    choose(this.#area, this.#list, this.#list.firstElementChild)
  }

  static #option({ pk, name, shortcut, begins }) {
    const option = Object.assign(part("li", "saved-replies__choice", ""), { id: `saved-reply-${pk}`, role: "option" })
    option.dataset.pk = pk
    option.append(part("span", "", name), part("span", "", shortcut && `/${shortcut}`), part("span", "saved-replies__begins", begins))
    return option
  }

  #pick(option) {
    if (!option) return this.#close()
    this.put(option.dataset.pk, this.#start, this.#area.selectionStart)
    this.#close()
  }

  async put(reply, start = this.#area.selectionStart, end = this.#area.selectionEnd) {
    const { csrfmiddlewaretoken } = this.#area.form.elements
    const body = new URLSearchParams({ csrfmiddlewaretoken: csrfmiddlewaretoken.value, saved_reply: reply })
    const headers = { Accept: "application/json" }
    const answer = await fetch(this.getAttribute("src"), { method: "POST", body, headers }).catch(() => null)
    this.#area.focus()
    if (answer?.ok) this.#insert(await answer.json(), start, end)
  }

  #insert({ text, blanks }, start, end) {
    this.#area.setRangeText(text, start, end, "end")
    this.#area.dispatchEvent(new Event("input", { bubbles: true }))
    if (!blanks.length) return
    const place = this.#area.value.indexOf(blanks[0], start)
    this.#area.setSelectionRange(place, place + blanks[0].length) // what is missing is typed over
    this.#say(`${this.dataset.blank} ${blanks.join(", ")}`, true)
  }

  #say(textContent, isBlank = false) {
    const state = Object.assign(this.querySelector("[role=status]"), { textContent })
    state.classList.toggle("saved-replies__state--blank", isBlank)
  }

  #close() {
    if (this.#start < 0) return
    this.#start = -1
    this.#list.hidden = true
    this.#list.replaceChildren()
    this.#area.removeAttribute("aria-activedescendant")
    this.#say("")
  }
}

customElements.define("saved-replies", SavedReplies)
