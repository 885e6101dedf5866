// A raised thumb; apart from the other pictures, so that the widget loads it with what stands below an answer.
export const THUMB = "M7.5 10.5 11 3.5c1.7 0 2.5 1.2 2.2 2.7L12.5 9.5H18a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7.5ZM7.5 10.5H4v9h3.5";
