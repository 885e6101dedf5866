// Starts the desk: wires store, API and socket together, follows the address, ticks the clock.
import { h, render } from "preact";
import { ApiError } from "./api";
import { showBadge } from "./badge";
import { Desk } from "./desk";
import { listen } from "./hotkeys";
import { Live } from "./live";
import { parse } from "./route";
import { Shell } from "./shell";
import * as store from "./store";
import "./styles/desk.css";

const live = new Live(location.origin.replace("http", "ws") + "/ws/desk", {
  heard: (events) => desk.heard(events),
  changed: (status) => (store.status.value = status),
  signedIn: () => store.api.me().then(
    () => true,
    (error: unknown) => !(error instanceof ApiError && error.status === 401),
  ),
});

const desk = new Desk(store.api, live);
store.ended.act = () => desk.leave(true);
store.acts.value = desk.acts;

const follow = (): void => void desk.visit(parse(location.hash, store.view.value));

addEventListener("hashchange", follow);
addEventListener("pagehide", () => desk.outgoing.depart());
document.addEventListener("visibilitychange", () => !document.hidden && store.atEnd.value && desk.saw());
follow();
live.keepAwake();
listen(desk);
showBadge();
setInterval(() => (store.now.value = Date.now()), 1000);

void desk.start();
render(<Shell desk={desk} />, document.body);
