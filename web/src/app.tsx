import { LayerChoice, LevelChoice, TargetChoice, ViewChoice } from "./panels/choices";
import { markOf, t } from "./language";
import { Evaluation } from "./panels/evaluation";
import { Footer, Header, SimulatedBanner } from "./panels/header";
import { Help } from "./panels/help";
import { JobsStrip } from "./panels/jobs-strip";
import { OwnData } from "./panels/own-data";
import { PlaceCard } from "./panels/place-card";
import { PlaceList } from "./panels/place-list";
import { StoryBlock } from "./panels/story";
import { TimeBar } from "./panels/time-bar";
import { Tools } from "./tools/bar";
import { mapView } from "./map/current";
import { Latest } from "./live/latest";
import { LiveStrip } from "./live/strip";
import * as s from "./state";

/** The map engine is large; the list is usable while it still loads. */
function Map() {
  const View = mapView.value;
  return View ? <View /> : <div class="map-frame" aria-busy="true" />;
}

function Toolbar() {
  return (
    <div class="toolbar">
      <LayerChoice />
      <button type="button" class="keys" onClick={() => (s.helpOpen.value = true)}>
        <kbd>?</kbd> {t("Keys")}
      </button>
    </div>
  );
}

function Waiting() {
  return (
    <main class="waiting" id="places">
      <h1>Peelian</h1>
      <p lang={markOf(s.trouble.value)}>{s.trouble.value ?? t("Opening the latest forecast.")}</p>
      <JobsStrip />
      <OwnData />
    </main>
  );
}

export function App() {
  const ready = s.manifest.value !== null;
  return (
    <>
      {ready ? (
        <>
          <div class="screen">
          <SimulatedBanner />
          <Header />
          {s.away.value && (
            <p class="away" role="note">
              {t("The server does not answer. What is on this page stays as it was; it is asked again every few seconds.")}
            </p>
          )}
          <LiveStrip />
          <JobsStrip />
          <main class={`work view-${s.view.value}`}>
            <StoryBlock />
            <div class="side">
              <div class="ask">
                <ViewChoice />
                <LevelChoice />
                <TargetChoice />
              </div>
              <Tools />
              <Latest />
              <PlaceList />
            </div>
            <div class="stage">
              <Toolbar />
              <Map />
              <TimeBar />
              <PlaceCard />
            </div>
          </main>
          </div>
          <div class="after">
            <Evaluation />
            <OwnData />
          </div>
          <Footer />
        </>
      ) : (
        <>
          <Header />
          <Waiting />
        </>
      )}
      <Help />
      <div class="unseen" role="status" aria-live="polite" lang={markOf(s.said.value)}>
        {s.said}
      </div>
    </>
  );
}
