-- What is known of videos: which clips make up a collection, what people and models say of them,
-- and how well the two agree. Documents are JSON in the formats of clip folders; masks are in
-- them as COCO run lengths. Nothing here says what is still to be done: that is the queue's.

-- A named set of clips, as submitted by a person.
CREATE TABLE collection (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE CHECK (name <> ''),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A file's content, however many names and places it has. Results belong to the content, so a
-- video that is submitted twice is worked on once.
CREATE TABLE video (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256 text COLLATE "C" NOT NULL UNIQUE CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint NOT NULL CHECK (bytes >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A video under its name in a collection. `location` is where the content was found last; it may
-- change, the content behind a name may not. Names sort by bytes, the same on every server.
CREATE TABLE clip (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  collection_id bigint NOT NULL REFERENCES collection,
  name text COLLATE "C" NOT NULL CHECK (name <> ''),
  video_id bigint NOT NULL REFERENCES video,
  location text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (collection_id, name)
);

-- From a video to its clips, for jobs that know only the content.
CREATE INDEX clip_video ON clip (video_id);

-- Weights that made predictions, known by the hash of their file.
CREATE TABLE model (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  sha256 text COLLATE "C" NOT NULL UNIQUE CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  task text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- What a person says of a clip (`annotation.json` with its masks). Saving another truth replaces
-- it and drops the scores that were made with the old one.
CREATE TABLE truth (
  clip_id bigint PRIMARY KEY REFERENCES clip ON DELETE CASCADE,
  document jsonb NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now()
);

-- What a model says of a video (`prediction.json`). There is one for a video and a model, for
-- ever: the first that is saved. `job_id` names the job that made it, if one did; results refer to
-- no table of the queue, so that either can do without the other.
CREATE TABLE prediction (
  video_id bigint NOT NULL REFERENCES video,
  model_id bigint NOT NULL REFERENCES model,
  document jsonb NOT NULL,
  decode_seconds double precision NOT NULL,
  model_seconds double precision NOT NULL,
  total_seconds double precision NOT NULL,
  host text NOT NULL,
  job_id bigint,
  saved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (video_id, model_id)
);

-- How well a model's prediction agrees with a clip's truth.
CREATE TABLE clip_score (
  clip_id bigint NOT NULL REFERENCES clip ON DELETE CASCADE,
  model_id bigint NOT NULL REFERENCES model,
  document jsonb NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (clip_id, model_id)
);
