// Pictures that only the desk uses; the shared ones are in shared/icons.

export const BELL = "M6 17V11a6 6 0 1 1 12 0v6l1.5 2h-15ZM10 21h4";
export const BELL_OFF = "M6 17v-6c0-1.5.5-3 1.5-4M10 5.3A6 6 0 0 1 18 11v4M16 19H4.5L6 17M10 21h4M4 4l16 16";
export const BACK = "M15 6l-6 6 6 6";
export const INFO = "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5M12 8v.01";
