import "maplibre-gl/dist/maplibre-gl.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/map.css";
import "./styles/story.css";
import "./styles/choices.css";
import "./styles/list.css";
import "./styles/place.css";
import "./styles/time.css";
import "./styles/jobs.css";
import "./styles/below.css";
import "./styles/live.css";
import "./styles/tools.css";
import "./styles/compare.css";
import { render } from "preact";
import { App } from "./app";
import { fromAddress, keepAddress } from "./link";
import { mapView } from "./map/current";
import { followPlace, followTable, loadRun, watchJobs } from "./load";
import { announcePlaces } from "./panels/place-card";
import { pinned } from "./state";
import { followRun, watchLive } from "./live/client";
import { keepPlaying } from "./panels/time-bar";

// Asked for first and not waited for: the list shows while the map's code still comes.
void import("./map/map-view").then(({ MapView }) => (mapView.value = MapView));

const { hasCell } = fromAddress();
keepAddress();
followTable();
followPlace();
announcePlaces();
keepPlaying();
const host = document.getElementById("app")!;
host.replaceChildren();
render(<App />, host);
void loadRun(pinned.value, hasCell).then(() => {
  void watchJobs();
  void watchLive();
});
followRun();
