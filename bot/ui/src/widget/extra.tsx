// What most talks do without, in a chunk of its own with its own styles: attachments, the cards around a handover.
import styles from "./extra.css?inline";

export { add, Count, Files, pick, sent, Tray } from "./attach";
export { card, Down, Waiting } from "./cards";

// As a sheet made here it needs no second request, and no leave for styles in the page.
const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);
