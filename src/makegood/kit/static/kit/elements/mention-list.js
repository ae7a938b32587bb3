// <form><textarea name="text"></textarea><mention-list src="/conversations/17/mentions/"><ul role="listbox" hidden></ul>
//   <p role="status"></p></mention-list></form>
// An @ at the beginning of a word offers those who may see the conversation; letters after it search; arrows choose,
// Enter puts the name there, Escape leaves what was typed. What is not chosen stays text.

import { choose, narrow, part, step } from "../choices.js"

class MentionList extends HTMLElement {
  #start = -1 // where the sign stands
  #asked = 0
  #area
  #list

  connectedCallback() {
    this.#area = this.closest("form").elements.text
    this.#list = this.querySelector("[role=listbox]")
    for (const kind of ["input", "keydown"]) this.#area.addEventListener(kind, this)
    this.#area.addEventListener("blur", () => this.#close())
    this.#list.addEventListener("pointerdown", (event) => {
      event.preventDefault() // the words keep focus
      this.#pick(event.target.closest("[role=option]"))
    })
  }

  handleEvent = (event) => this[event.type](event)

  input() {
    const { value, selectionStart: caret } = this.#area
    const isSign = value[caret - 1] === "@" && (caret === 1 || /[\s(]/.test(value[caret - 2]))
    if (this.#start < 0 && !isSign) return
    if (this.#start < 0) this.#start = caret - 1
    const typed = value.slice(this.#start, caret)
    if (typed[0] !== "@" || typed.length > 60 || /\n|^@\s/.test(typed)) return this.#close()
    narrow(this.#area, this.#list, typed.slice(1))
    this.#search(typed.slice(1))
  }

  keydown(event) {
    if (this.#list.hidden || event.ctrlKey || event.metaKey || event.isComposing) return
    if (event.key === "ArrowUp" || event.key === "ArrowDown") step(this.#area, this.#list, event.key === "ArrowUp" ? -1 : 1)
    else if (event.key === "Enter" || event.key === "Tab") this.#pick(this.#list.querySelector("[aria-selected=true]"))
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  async #search(words, asked = ++this.#asked) {
    const answer = await fetch(`${this.getAttribute("src")}?q=${encodeURIComponent(words)}`).catch(() => null)
    const choices = answer?.ok && (await answer.json()).choices
    if (!choices || asked !== this.#asked || this.#start < 0) return // no sooner: it may be left while the answer is read
    if (!choices.length && words.includes(" ")) return this.#close()
    this.#list.replaceChildren(...choices.map(MentionList.#option))
    this.#list.hidden = !choices.length
    this.#say(choices.length ? `${choices.length} ${this.dataset.count}` : this.dataset.none)
    choose(this.#area, this.#list, this.#list.firstElementChild)
  }

  static #option({ name, also }, number) {
    const option = Object.assign(part("li", "saved-replies__choice", ""), { id: `mention-${number}`, role: "option" })
    option.dataset.name = name
    option.append(part("span", "", name), part("span", "saved-replies__begins", also))
    return option
  }

  #pick(option) {
    const start = this.#start
    this.#close()
    if (!option) return
    this.#area.setRangeText(`@${option.dataset.name} `, start, this.#area.selectionStart, "end")
    this.#area.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #say(words) {
    this.querySelector("[role=status]").textContent = words
  }

  #close() {
    if (this.#start < 0) return
    this.#start = -1
    this.#asked++
    this.#list.hidden = true
    this.#list.replaceChildren()
    this.#area.removeAttribute("aria-activedescendant")
    this.#say("")
  }
}

customElements.define("mention-list", MentionList)
