import { useEffect, useRef } from "preact/hooks";
import { t } from "../language";
import * as s from "../state";

const KEYS: [string, string][] = [
  [t("Arrow keys"), t("move the map")],
  [t("+ and −"), t("zoom in and out")],
  ["Enter", t("open the square under the crosshair")],
  [t("Alt + arrow keys"), t("go square by square")],
  [t("Space"), t("while drawing or picking: add the corner or place under the crosshair")],
  ["Enter, Backspace", t("while drawing: end the line, take back the last corner")],
  [
    t("Without the map"),
    t("Area adds the list's places, a ward or beat by name, or squares around a grid reference"),
  ],
  ["?", t("this list")],
  ["Esc", t("close the place panel or this list")],
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
      <h2 id="help-title">{t("Keys, while the map has the focus")}</h2>
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
        {t("Close")}
      </button>
    </dialog>
  );
}
