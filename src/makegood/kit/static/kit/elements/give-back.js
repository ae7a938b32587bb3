// <give-back for="reply-text" key="answer-5" words="What was written"></give-back> … <textarea id="reply-text">
// Words that came back while the page was open stand in the field again, above what was typed since. Once a tab.

class GiveBack extends HTMLElement {
  connectedCallback() {
    const field = document.getElementById(this.getAttribute("for"))
    const key = `given back ${this.getAttribute("key")}`
    const words = this.getAttribute("words")
    if (!field || !words || sessionStorage.getItem(key)) return
    sessionStorage.setItem(key, "yes")
    const typed = field.value.trim()
    if (typed.includes(words.trim())) return
    field.value = words.includes(typed) ? words : `${words}\n\n${field.value}`
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
}

customElements.define("give-back", GiveBack)
