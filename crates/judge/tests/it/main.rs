mod instant;
