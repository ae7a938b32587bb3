// <theme-switch><input type="radio" name="theme" value="dark"> …</theme-switch>
// Light, dark, or as the device says. Kept in a cookie, so that the server prints the choice and no page flashes.

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    const now = document.documentElement.dataset.theme ?? "device"
    for (const choice of this.querySelectorAll("input")) choice.checked = choice.value === now
    this.addEventListener("change", this)
  }

  handleEvent({ target }) {
    document.documentElement.dataset.theme = target.value
    document.cookie = `theme=${target.value}; path=/; max-age=31536000; samesite=lax`
  }
}

customElements.define("theme-switch", ThemeSwitch)
