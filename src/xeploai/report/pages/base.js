// What every page does: it knows that scripts run, changes between light and dark, and prints.
"use strict";
{
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const button = document.querySelector("[data-do=theme]");
  root.classList.add("scripted");

  const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const name = () => {
    button.textContent = isDark() ? "Nền sáng" : "Nền tối";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    name();
  });
  dark.addEventListener("change", name);
  document.querySelector("[data-do=print]").addEventListener("click", () => window.print());
  name();
}
