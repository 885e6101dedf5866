// Starts the desk: wires store, API and socket together, follows the address, ticks the clock.
import { effect } from "@preact/signals";
import { h, render } from "preact";
import { Api, ApiError } from "./api";
import { Desk } from "./desk";
import { Live } from "./live";
import { Shell } from "./shell";
import * as store from "./store";
import "./styles/desk.css";

const api = new Api(
  () => store.lang.value,
  () => store.words.value.offlineError,
  () => desk.leave(true),
);

const live = new Live(location.origin.replace("http", "ws") + "/ws/desk", {
  heard: (events) => desk.heard(events),
  changed: (status) => (store.status.value = status),
  signedIn: () => api.me().then(
    () => true,
    (error: unknown) => !(error instanceof ApiError && error.status === 401),
  ),
});

const desk = new Desk(api, live);

/** The open ticket is in the address: `#/ticket/<id>`; so the browser's Back leads to the list. */
function follow(): void {
  const [, kind, id = ""] = location.hash.split("/");
  void desk.select(kind === "ticket" ? decodeURIComponent(id) : "");
}

addEventListener("hashchange", follow);
follow();
live.keepAwake();
setInterval(() => (store.now.value = Date.now()), 1000);

effect(() => {
  document.documentElement.lang = store.lang.value;
  const waiting = store.session.value ? store.waiting.value.length : 0;
  document.title = `${waiting ? `(${waiting}) ` : ""}Zeroline`;
});

void desk.start();
render(<Shell desk={desk} />, document.body);
