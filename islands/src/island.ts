// What every island is to the loader: a function that takes its place on the page.
export type Mount = (place: HTMLElement) => void;
