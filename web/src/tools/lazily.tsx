import { signal } from "@preact/signals";
import { t } from "../language";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";

/** A part of the page whose code comes when it is first shown. */
export function lazily(load: () => Promise<FunctionComponent>): FunctionComponent {
  const held = signal<FunctionComponent | null>(null);
  return function Lazy() {
    useEffect(() => {
      if (!held.value) void load().then((part) => (held.value = part));
    }, []);
    const Part = held.value;
    return Part ? <Part /> : <p class="tool-wait">{t("Opening")}</p>;
  };
}
