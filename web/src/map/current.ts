import { signal } from "@preact/signals";
import type { Board } from "./board";

/** The map on show, when there is one. */
export const board = signal<Board | null>(null);
