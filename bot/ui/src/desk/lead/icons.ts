// Pictures of the lead's screens.

export const TEAM = "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19c.8-3.6 3.4-5 6.5-5s5.7 1.4 6.5 5M16 4.5a3.2 3.2 0 0 1 0 6M18 14.3c1.9.6 3.2 2.1 3.7 4.7";
export const PEOPLE = "M5 4h14v16H5ZM12 11.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM8.2 16.5c.6-1.9 2-2.6 3.8-2.6s3.2.7 3.8 2.6";
export const ALARM = "M12 3.5 21.5 20h-19ZM12 10v4.5M12 17.2v.01";
export const BOOK = "M5 4.5h11a3 3 0 0 1 3 3v12H8a3 3 0 0 1-3-3ZM8.5 9h7M8.5 12.5h7";
export const GROUPS = "M4 5h7v6H4ZM13 5h7v6h-7ZM4 13h7v6H4ZM13 13h7v6h-7Z";
export const CALENDAR = "M4.5 6h15v13.5h-15ZM4.5 10.5h15M8.5 3.5V7M15.5 3.5V7";
export const SLA = "M12 20.5a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 8.5v4l2.5 2M10 2.5h4";
export const PRIORITIES = "M6 20V11M12 20V4M18 20v-6";
export const TAGS = "M4 4.5h7.5L20 13l-7 7-8.5-8.5ZM8.2 8.7v.01";
export const ANSWERS = "M4 20V4M4 20h16.5M7.5 15.5l4-5 3.5 3 5-7.5";
export const CANNED = "M4 5h16v11H11l-4.5 4v-4H4ZM13.5 8l-3 5";
export const BUG = "M8 9.5a4 4 0 0 1 8 0v5a4 4 0 0 1-8 0ZM9.5 6 7.5 3.5M14.5 6l2-2.5M8 12H3.5M20.5 12H16M8 9 4.5 7M16 9l3.5-2M8 15l-3.5 2.5M16 15l3.5 2.5";
export const TRACKER = "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1";
export const AUDIT = "M6 3.5h9l3.5 3.5v13.5H6ZM9.5 10h6M9.5 13.5h6M9.5 17h3.5";
export const NOTICES = "M6 17V11a6 6 0 1 1 12 0v6l1.5 2h-15ZM10 21h4";
export const KEY = "M8 15.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 11.5h9v4M17.5 11.5v3";
export const PLUS = "M12 5v14M5 12h14";
export const MINUS = "M6 12h12";
export const TRASH = "M5 7h14M10 7V4.5h4V7M7 7l.8 13h8.4L17 7M10.5 10.5v6M13.5 10.5v6";
export const COPY = "M8.5 8.5h11v11h-11ZM15.5 8.5v-4h-11v11h4";
export const CHECK = "M5 12.5l4.5 4.5L19 7.5";
export const LOCK = "M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3";
export const CLIP = "M19 11.5l-7 7a4.5 4.5 0 0 1-6.4-6.4l7.2-7.2a3 3 0 0 1 4.3 4.3L10 16.3a1.5 1.5 0 0 1-2.2-2.2L14 8";
