import { useEffect, useRef } from "preact/hooks";
import * as s from "../state";

const KEYS: [string, string][] = [
  ["Arrow keys", "move the map"],
  ["+ and −", "zoom in and out"],
  ["Enter", "open the square under the crosshair"],
  ["Alt + arrow keys", "go square by square"],
  ["Space", "while drawing or picking: add the corner or place under the crosshair"],
  ["Enter, Backspace", "while drawing: end the line, take back the last corner"],
  ["Without the map", "Area adds the list's places, a ward or beat by name, or squares around a grid reference"],
  ["?", "this list"],
  ["Esc", "close the place panel or this list"],
];

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = s.helpOpen.value;
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (s.helpOpen.value = false)}>
      <h2 id="help-title">Keys, while the map has the focus</h2>
      <dl>
        {KEYS.map(([key, does]) => (
          <div>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="why" onClick={() => (s.helpOpen.value = false)}>
        Close
      </button>
    </dialog>
  );
}
