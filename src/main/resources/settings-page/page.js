// Adds a button that copies a value; the page is complete without it.
if (navigator.clipboard) {
  const { copy, copied } = document.body.dataset;
  for (const value of document.querySelectorAll("[data-value]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.setAttribute("aria-label", copy + " " + value.textContent);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(value.textContent);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    value.after(button);
  }
}
