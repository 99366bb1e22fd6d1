import { effect, type Signal, signal } from "@preact/signals";

/** How the page is laid out, kept in this browser alone: open or folded, nothing about what was looked at. */
export function remembered(name: string, otherwise: boolean): Signal<boolean> {
  const key = `peelian:${name}`;
  let before: string | null = null;
  try {
    before = localStorage.getItem(key);
  } catch {
    // This browser keeps nothing.
  }
  const held = signal(before === null ? otherwise : before === "open");
  let first = true;
  effect(() => {
    const words = held.value ? "open" : "folded";
    if (first) return void (first = false);
    try {
      localStorage.setItem(key, words);
    } catch {
      // It holds for this visit.
    }
  });
  return held;
}
