import { t } from "../language";
import * as s from "../state";
import { Find } from "./find";
import { lazily } from "./lazily";

const TOOLS: [s.Tool, string][] = [
  ["over", t("Lay over")],
  ["area", t("Area")],
  ["compare", t("Compare")],
];

const PANELS = {
  over: lazily(() => import("./over").then((part) => part.OverTool)),
  area: lazily(() => import("./area").then((part) => part.AreaTool)),
  compare: lazily(() => import("./compare").then((part) => part.CompareTool)),
};

/** Search, and the tools; each opens one panel beneath, beside map and list alike. */
export function Tools() {
  const open = s.toolOpen.value;
  const Panel = open && PANELS[open];
  return (
    <section class="tools" aria-label={t("Tools")}>
      <div class="tool-bar">
        <Find />
        {TOOLS.map(([id, words]) => (
          <button
            type="button" class="tool" data-tool={id} aria-expanded={open === id} aria-controls="tool-panel"
            onClick={() => {
              s.toolOpen.value = open === id ? null : id;
              if (s.toolOpen.value && id !== "over") s.cardOpen.value = false; // it lies over what they use
            }}
          >
            {words}
          </button>
        ))}
      </div>
      <div id="tool-panel" class="tool-panel" hidden={!Panel} tabIndex={Panel ? 0 : -1} role="group"
        aria-label={TOOLS.find(([id]) => id === open)?.[1] ?? t("Tool")}>
        {Panel && <Panel key={open} />}
      </div>
    </section>
  );
}
