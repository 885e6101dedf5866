// What a talk does without until its first answer, in a chunk of its own with its own styles: the source of an answer
// and whether it helped, attachments, the cards around a handover.
import styles from "./extra.css?inline";

export { Below } from "./below";
export { add, Count, pick, sent, Tray } from "./attach";
export { card, Down, Waiting } from "./cards";

// As a sheet made here it needs no second request, and no leave for styles in the page.
const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);
