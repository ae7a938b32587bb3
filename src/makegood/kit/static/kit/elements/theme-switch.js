// <theme-switch><form hx-post="/me/look/" hx-trigger="change">… <input type="radio" name="theme" value="dark"></form></theme-switch>
// How the desk looks, at once; the form tells the server, for every device. The theme is kept in a cookie besides, for
// the pages where nobody is known yet.

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this)
  }

  handleEvent({ target: { name, value } }) {
    document.documentElement.dataset[name] = value
    if (name === "theme") document.cookie = `theme=${value}; path=/; max-age=31536000; samesite=lax`
  }
}

customElements.define("theme-switch", ThemeSwitch)
