import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import type { Board } from "./board";

/** The map on show, when there is one. */
export const board = signal<Board | null>(null);

/** The map's component, once its code has come. */
export const mapView = signal<FunctionComponent | null>(null);
