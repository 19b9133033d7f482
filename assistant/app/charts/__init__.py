"""Pictures of an answer: the door to plotly. One file a picture; `pictures` lists those of an answer in reading order."""
